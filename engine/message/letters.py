"""How signs outside the alphabet of SMS are written in it, where taking off an accent is not enough.

Rule of this file: letters as in passports (ICAO 9303 for Latin and Cyrillic, ELOT 743 for Greek), for that is how their
owners write themselves here; punctuation as on a typewriter. Data alone; every value is in the alphabet.
"""

from __future__ import annotations

_LATIN = {
    "ẞ": "SS", "Œ": "Oe", "œ": "oe", "Þ": "Th", "þ": "th", "Ð": "D", "ð": "d", "Đ": "D", "đ": "d", "Ł": "L", "ł": "l",
    "ı": "i", "ĸ": "k", "Ŋ": "N", "ŋ": "n", "Ə": "E", "ə": "e",
}  # fmt: skip
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "ie", "ы": "y", "ь": "", "э": "e", "ю": "iu",
    "я": "ia", "ґ": "g", "є": "ie", "і": "i", "ї": "i", "ў": "u", "ђ": "d", "ѓ": "g", "ј": "j", "љ": "lj", "њ": "nj",
    "ћ": "c", "ќ": "k", "џ": "dz", "ѕ": "dz", "ә": "a", "ғ": "g", "қ": "q", "ң": "n", "ө": "o", "ұ": "u", "ү": "u",
    "һ": "h",
}  # fmt: skip
_GREEK = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l",
    "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f",
    "χ": "ch", "ψ": "ps", "ω": "o",
}  # fmt: skip
_SIGNS = {
    "„": '"', "“": '"', "”": '"', "‟": '"', "«": '"', "»": '"', "″": '"', "‚": "'", "‘": "'", "’": "'", "‛": "'",
    "‹": "'", "›": "'", "′": "'", "`": "'", "´": "'", "ʼ": "'", "ʹ": "'", "‐": "-", "‑": "-", "‒": "-", "–": "-",
    "—": "-", "―": "-", "−": "-", "⁃": "-", "•": "-", "‣": "-", "·": ".", "…": "...", "⁄": "/", "∕": "/", "¦": "|",
    "†": "+", "×": "x", "÷": ":", "±": "+/-", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "→": "->", "⇒": "=>",
    "←": "<-", "↔": "<->", "µ": "u", "°": " Grad ", "‰": " Promille", "©": "(c)", "®": "(R)", "¢": "ct", "∅": "Ø",
    "☎": "Tel.", "📞": "Tel.", "📱": "Tel.", "✉": "Mail", "📧": "Mail", "✓": "OK", "✔": "OK", "✅": "OK", "👍": "OK",
    "✗": "X", "✘": "X", "❌": "X", "⚠": "!", "❗": "!", "❓": "?", "❤": "<3", "☺": ":-)", "🙂": ":-)", "😀": ":-)",
    "😃": ":-)", "😄": ":-)", "😊": ":-)", "😉": ";-)", "😂": ":-D", "😅": ":-)", "☹": ":-(", "🙁": ":-(", "😞": ":-(",
    "😢": ":-(", "😭": ":-(",
}  # fmt: skip


def _with_capitals(letters: dict[str, str]) -> dict[str, str]:
    return {sign.upper(): latin.capitalize() for sign, latin in letters.items() if len(sign.upper()) == 1} | letters


LETTERS = _LATIN | _with_capitals(_CYRILLIC) | _with_capitals(_GREEK) | _SIGNS
"""One sign to what is written for it, without regard to its neighbours."""
