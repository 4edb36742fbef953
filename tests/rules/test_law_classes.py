"""L1: the class of the number that a caller dials, by the table in `config/` (TKG § 115)."""

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.law.classes import NOT_LISTED, SEVERITY, ClassRule, ClassTable, NotStricter, corrected
from engine.service.number_classes import BadClassTable, load_number_classes
from engine.terms import E164, NumberClass, dialled

TABLE = load_number_classes(Path(__file__).parents[2] / "config" / "number_classes.yaml")


@pytest.mark.parametrize(
    ("number_class", "numbers"),
    [
        (NumberClass.FREE, ["0800 1234567", "00800 12345678"]),
        (NumberClass.GEOGRAPHIC,
         ["030 123450", "02203 12345", "0331 12345", "040 12345", "05021 12345", "06021 12345", "07021 12345",
          "089 12345", "08020 1234", "0906 12345"]),
        (NumberClass.MOBILE, ["01511 2345678", "0160 1234567", "0179 1234567"]),
        (NumberClass.FIXED_PRICE, ["01806 123456"]),
        (NumberClass.PER_MINUTE,
         ["01801 123456", "01802 123456", "01803 123456", "01804 123456", "01805 123456", "0700 12345678",
          "0900 1 123456", "0137 1234567", "0138 12345", "+49 11833", "032 221234567"]),
        (NumberClass.BUDGET_30S, ["01807 123456"]),
        (NumberClass.UNKNOWN,
         ["+43 1 58858", "+1 800 1234567", "+808 12345678", "0180 0123", "01808 123", "0190 123456",
          "0191 011", "0310 123", "0500 12345", "0501 12345", "0116 117", "012 345678"]),
    ],
)  # fmt: skip
def test_prefixes_have_their_class(number_class: NumberClass, numbers: list[str]) -> None:
    found = {number: TABLE.rule_for(dialled(number)).number_class for number in numbers}
    assert found == dict.fromkeys(numbers, number_class)


def test_the_rule_names_prefix_and_paragraph() -> None:
    assert TABLE.rule_for(E164("+491805123456")) == ClassRule(
        "+491805", NumberClass.PER_MINUTE, "0180-5", "TKG § 115 (1) no. 5"
    )


PREFIXES = st.text("12", min_size=1, max_size=5).map(lambda digits: f"+{digits}")


@given(st.dictionaries(PREFIXES, st.sampled_from(NumberClass)), PREFIXES)
def test_the_longest_prefix_decides(classes: dict[str, NumberClass], number: str) -> None:
    table = ClassTable(ClassRule(prefix, found, prefix, "§") for prefix, found in classes.items())
    fitting = [prefix for prefix in classes if number.startswith(prefix)]
    assert table.rule_for(E164(number)).prefix == max(fitting, key=len, default="")


def test_an_empty_table_knows_nothing() -> None:
    assert ClassTable([]).rule_for(E164("+4930123450")) == NOT_LISTED


def test_classes_are_corrected_to_stricter_ones_only() -> None:
    mild = {NumberClass.FREE, NumberClass.GEOGRAPHIC, NumberClass.MOBILE}
    strict = {NumberClass.PER_MINUTE, NumberClass.UNKNOWN}
    allowed = {
        *product(mild, NumberClass),
        *product({NumberClass.FIXED_PRICE}, set(NumberClass) - mild),
        *product({NumberClass.BUDGET_30S}, strict | {NumberClass.BUDGET_30S}),
        *product(strict, strict),
    }
    assert {pair for pair in product(NumberClass, NumberClass) if _correctable(*pair)} == allowed
    assert set(SEVERITY) == set(NumberClass)


def _correctable(derived: NumberClass, wanted: NumberClass) -> bool:
    try:
        return corrected(derived, wanted) is wanted
    except NotStricter:
        return False


def test_a_milder_class_is_refused_with_the_way_to_get_it() -> None:
    with pytest.raises(NotStricter) as refused:
        corrected(NumberClass.PER_MINUTE, NumberClass.FIXED_PRICE)
    assert str(refused.value) == (
        "the number's prefix says per_minute, which is stricter than fixed_price: leave the class out, "
        "or have the number confirmed in config/number_classes.yaml"
    )


def test_a_line_has_the_class_of_its_correction_unless_the_prefix_says_a_stricter_one() -> None:
    for derived, wanted in product(NumberClass, NumberClass):
        table = ClassTable([ClassRule("+491", derived, "01", "test")])
        assert table.class_of(E164("+491234")) is derived
        assert table.class_of(E164("+491234"), wanted) is (wanted if _correctable(derived, wanted) else derived)


LISTED = '- {prefix: "+491802", class: per_minute, name: "0180-2", paragraph: "TKG § 115 (1) no. 5"}'


def test_a_confirmed_number_or_prefix_holds_against_the_list(tmp_path: Path) -> None:
    file = tmp_path / "classes.yaml"
    file.write_text(f'classes:\n{LISTED}\nconfirmed:\n- {{prefix: "+491802", class: fixed_price, proof: letter}}\n')
    assert load_number_classes(file).rule_for(E164("+4918021234")) == ClassRule(
        "+491802", NumberClass.FIXED_PRICE, "+491802, confirmed", "letter"
    )


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("classes: [",
         "line 1: not YAML: expected the node content, but found '<stream end>'"),
        ("", "Expected `object`, got `null`"),
        ("classes: []\nclasess: []", "Object contains unknown field `clasess`"),
        (f"classes:\n{LISTED}\n- {{prefix: 49180}}", "Expected `str`, got `int` - at `$.classes[1].prefix`"),
        ('classes:\n- {prefix: "0180", class: free, name: x, paragraph: x}',
         "Expected `str` matching regex '^\\\\+[1-9][0-9]{0,14}$' - at `$.classes[0].prefix`"),
        ('classes:\n- {prefix: "+49", class: cheap, name: x, paragraph: x}',
         "Invalid enum value 'cheap' - at `$.classes[0].class`"),
        (f"classes:\n{LISTED.replace('name', 'nmae')}",
         "Object contains unknown field `nmae` - at `$.classes[0]`"),
        ('classes: []\nconfirmed:\n- {prefix: "+49", class: free, proof: x, name: x}',
         "Object contains unknown field `name` - at `$.confirmed[0]`"),
        ('classes: []\nconfirmed:\n- {prefix: "+49", class: free}',
         "Object missing required field `proof` - at `$.confirmed[0]`"),
    ],
)  # fmt: skip
def test_a_bad_table_is_refused_with_the_place(tmp_path: Path, text: str, refusal: str) -> None:
    file = tmp_path / "classes.yaml"
    file.write_text(text)
    with pytest.raises(BadClassTable) as refused:
        load_number_classes(file)
    assert str(refused.value).removeprefix(str(file)).lstrip(":, ") == refusal
