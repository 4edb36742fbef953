r"""The torture messages of RFC 4475 § 3, by their names there, for a switch that is not a proxy.

Rule of this file: what a message is about stands here as the RFC has it; what it is not about is filled in:
`{top}` Via, Max-Forwards and Call-ID, `{who}` From and To, `{sdp}` a session. Line ends become CRLF, text Latin-1.
"""

from __future__ import annotations

_SDP = "v=0\no=a 1 1 IN IP4 192.0.2.4\ns=-\nc=IN IP4 192.0.2.4\nt=0 0\nm=audio 49217 RTP/AVP 0 12\na=rtpmap:31 LPC\n"
_WHO = "From: <sip:caller@example.net>;tag=1\nTo: <sip:user@example.com>\n"


def _filled(name: str, text: str) -> bytes:
    top = f"Via: SIP/2.0/UDP 192.0.2.2;rport;branch=z9hG4bK{name}\nMax-Forwards: 70\nCall-ID: {name}@192.0.2.1\n"
    body = _SDP.replace("\n", "\r\n")
    session = f"Contact: <sip:caller@192.0.2.1>\nContent-Type: application/sdp\nContent-Length: {len(body)}\n\n{_SDP}"
    for mark, value in (("{top}", top), ("{who}", _WHO), ("{sdp}", session)):
        text = text.replace(mark, value)
    return text.replace("\n", "\r\n").encode("latin-1")


_LONG = "very" * 60
_VALID = {
    "wsinv": (
        "INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0\nTO :\n sip:vivekg@chair-dnrc.example.com ;"
        '   tag    = 1918181833n\nfrom   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>\n  ;\n  tag = 98asjd8'
        "\n"
        "MaX-fOrWaRdS: 0068\nCall-ID: wsinv.ndaksdj@192.0.2.1\nContent-Length   : 9\ncseq: 0009\n  INVITE\n"
        "Via  : SIP  /   2.0\n /UDP\n    192.0.2.2;rport;branch=390skdjuw\ns :\n"
        "NewFangledHeader:   newfangled value\n continued newfangled value\n"
        "UnknownHeaderWithUnusualValue: ;;,,;;,;\nContent-Type: application/sdp\n"
        "Route:\n <sip:services.example.com;lr;unknownwith=value;unknown-no-value>\n"
        "v:  SIP  / 2.0  / TCP     spindle.example.com   ;\n  branch  =   z9hG4bK9ikj8  ,\n SIP  /    2.0   / UDP  "
        '192.168.255.111   ; branch=\n z9hG4bK30239\nm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =\n'
        "      newvalue ;\n  secondparam ; q = 0.33\n\nv=0\ns=-\n"
    ),
    "intmeth": (
        "!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,"
        "weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0\nVia: SIP/2.0/UDP host1.example.com;rport;"
        "branch=z9hG4bK-.!%66*_+`'~\nTo: \"BEL:\\\x07 NUL:\\\x00 DEL:\\\x7f\" <sip:1_unusual.URI~(to-be!sure)&isn't+it$"
        "/crazy?,/;;*@example.com>\nFrom: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%="
        "\"\xd1\x80\xd0\xb0\xd0\xb1\";tag=_token~1'+`*%!-.\nCall-ID: intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{\n"
        "CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~\nMax-Forwards: 255\n"
        "extensionHeader-!.%*+_`'~:\xef\xbb\xbf\xe5\xa4\xa7\xe5\x81\x9c\xe9\x9b\xbb\nContent-Length: 0\n\n"
    ),
    "esc01": (
        "INVITE sip:sips%3Auser%40example.com@example.net SIP/2.0\n{top}To: sip:%75se%72@example.com\n"
        "From: <sip:I%20have%20spaces@example.net>;tag=938\nCSeq: 234234 INVITE\n{sdp}"
    ),
    "escnull": (
        "REGISTER sip:example.com SIP/2.0\n{top}To: sip:null-%00-null@example.com\n"
        "From: sip:null-%00-null@example.com;tag=839923423\nCSeq: 14398234 REGISTER\n"
        "Contact: <sip:%00@host5.example.com>\nContact: <sip:%00%00@host5.example.com>\nL:0\n\n"
    ),
    "esc02": (
        'RE%47IST%45R sip:registrar.example.com SIP/2.0\n{top}To: "%Z%45" <sip:resource@example.com>\n'
        'From: "%Z%45" <sip:resource@example.com>;tag=f232jadfj23\nCSeq: 29344 RE%47IST%45R\n'
        "Contact: <sip:alias1@host1.example.com>\nContact: <sip:alias3@host3.example.com>;expires=0\nl: 0\n\n"
    ),
    "lwsdisp": (
        "OPTIONS sip:user@example.com SIP/2.0\n{top}To: sip:user@example.com\n"
        "From: caller<sip:caller@example.com>;tag=323\nCSeq: 60 OPTIONS\nl: 0\n\n"
    ),
    "longreq": (
        'INVITE sip:user@example.com SIP/2.0\nTo: "I have a user name of ' + "extreme" * 18 + ' proportion"'
        "<sip:user@example.com:6000;unknownparam1=" + _LONG + "value;longparam" + "name" * 30 + "=shortvalue;"
        + _LONG + "ParameterNameWithNoValue>\nF: sip:" + "amazinglylongcallername" * 8 + "@example.net;tag=12"
        + "982424" * 30 + ";unknownheaderparam" + "name" * 30 + "=value\nCall-ID: longreq.one" + "really" * 20
        + "longcallid\nCSeq: 3882340 INVITE\nUnknown-" + "Long" * 30 + "-Name: unknown-" + "long" * 30
        + "-value;unknown-parameter = x\nMax-Forwards: 70\n"
        + "".join(f"Via: SIP/2.0/TCP sip{n}.example.com\n" for n in range(33, 0, -1))
        + "v: SIP/2.0/UDP 192.0.2.2;rport;branch=very" + "long" * 50 + "branchvalue\n{sdp}"
    ),
    "dblreq": (
        "REGISTER sip:example.com SIP/2.0\n{top}To: sip:j.user@example.com\n"
        "From: sip:j.user@example.com;tag=43251j3j324\nI: dblreq\nContact: sip:j.user@host.example.com\n"
        "CSeq: 8 REGISTER\nContent-Length: 0\n\n\n"
        "INVITE sip:joe@example.com SIP/2.0\n{top}{who}CSeq: 8 INVITE\n{sdp}"
    ),
    "semiuri": (
        "OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0\n{top}"
        "To: sip:j_user@example.com\nFrom: sip:caller@example.org;tag=33242\nCSeq: 8 OPTIONS\nl: 0\n\n"
    ),
    "transports": (
        "OPTIONS sip:user@example.com SIP/2.0\nTo: sip:user@example.com\nFrom: <sip:caller@example.com>;tag=323\n"
        "Max-Forwards: 70\nCall-ID: transports.kijh4akdnaqjkwendsasfdj\nCSeq: 60 OPTIONS\n"
        "Via: SIP/2.0/UDP t1.example.com;rport;branch=z9hG4bKkdjuw\n"
        "Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf\n"
        "Via: SIP/2.0/TLS t3.example.com;branch=z9hG4bK2980unddj\n"
        "Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en\nl: 0\n\n"
    ),
    "mpart01": (
        "MESSAGE sip:kumiko@example.org SIP/2.0\n{top}{who}CSeq: 127 MESSAGE\n"
        "Content-Type: multipart/mixed;boundary=7a9cbec02ceef655\nContent-Length: 140\n\n--7a9cbec02ceef655\n"
        "Content-Type: text/plain\nContent-Transfer-Encoding: binary\n\nHello\n--7a9cbec02ceef655\n"
        "Content-Type: application/octet-stream\n\n\x00\x01\xff0\x82\x01\n--7a9cbec02ceef655--\n"
    ),
    "unreason": (
        "SIP/2.0 200 = 2**3 * 5**2 \xd0\xbd\xd0\xbe \xd1\x81\xd1\x82\xd0\xbe\n{top}{who}CSeq: 35 INVITE\n{sdp}"
    ),
    "noreason": "SIP/2.0 100 \n{top}{who}CSeq: 35 INVITE\nContent-Length: 0\n\n",
}  # fmt: skip
_INVALID = {
    "badinv01": (
        "INVITE sip:user@example.com SIP/2.0\nTo: sip:j.user@example.com\n"
        "From: sip:caller@example.net;tag=134161461246\nMax-Forwards: 7\n"
        "Call-ID: badinv01.0ha0isndaksdjasdf3234nas\nCSeq: 8 INVITE\n"
        "Via: SIP/2.0/UDP 192.0.2.15;;,;,,\nContact: \"Joe\" <sip:joe@example.org>;;;;\nContent-Length: 0\n\n"
    ),
    "clerr": (
        "INVITE sip:user@example.com SIP/2.0\n{top}{who}CSeq: 8 INVITE\nContent-Type: application/sdp\n"
        "Content-Length: 9999\n\n" + _SDP
    ),
    "ncl": (
        "INVITE sip:user@example.com SIP/2.0\n{top}{who}CSeq: 8 INVITE\nContent-Type: application/sdp\n"
        "Content-Length: -999\n\n" + _SDP
    ),
    "scalar02": (
        "REGISTER sip:example.com SIP/2.0\nVia: SIP/2.0/UDP host129.example.com;rport;branch=z9hG4bK342sdfoi3\n{who}"
        "CSeq: 36893488147419103232 REGISTER\nCall-ID: scalar02\nMax-Forwards: 300\nExpires: 1000000000000000\n"
        "Contact: <sip:user@host129.example.com>;expires=280297596632815\nContent-Length: 0\n\n"
    ),
    "scalarlg": (
        "SIP/2.0 503 Service Unavailable\nVia: SIP/2.0/UDP host129.example.com;branch=z9hG4bKzzxdiwo34sw\n{who}"
        "CSeq: 9292394834772304023312 OPTIONS\nCall-ID: scalarlg\nRetry-After: 949302838503028349304023988\n"
        "Warning: 1812 overture \"In Progress\"\nContent-Length: 0\n\n"
    ),
    "quotbal": (
        'INVITE sip:user@example.com SIP/2.0\n{top}To: "Mr. J. User <sip:j.user@example.com>\n'
        "From: sip:caller@example.net;tag=93334\nCSeq: 8 INVITE\n{sdp}"
    ),
    "ltgtruri": "INVITE <sip:user@example.com> SIP/2.0\n{top}{who}CSeq: 8 INVITE\n{sdp}",
    "lwsruri": "INVITE sip:user@example.com; lr SIP/2.0\n{top}{who}CSeq: 8 INVITE\n{sdp}",
    "lwsstart": "INVITE  sip:user@example.com  SIP/2.0\n{top}{who}CSeq: 8 INVITE\n{sdp}",
    "trws": "OPTIONS sip:remote-target@example.com SIP/2.0  \n{top}{who}CSeq: 8 OPTIONS\nl: 0\n\n",
    "escruri": (
        "INVITE sip:user@example.com?Route=%3Csip:example.com%3E SIP/2.0\n{top}{who}CSeq: 149209342 INVITE\n{sdp}"
    ),
    "baddate": (
        "INVITE sip:user@example.com SIP/2.0\n{top}{who}CSeq: 149209342 INVITE\n"
        "Date: Fri, 01 Jan 2010 16:00:00 EST\n{sdp}"
    ),
    "regbadct": (
        "REGISTER sip:example.com SIP/2.0\n{top}{who}CSeq: 1 REGISTER\n"
        "Contact: sip:user@example.com?Route=%3Csip:sip.example.com%3E\nl: 0\n\n"
    ),
    "badaspec": (
        'OPTIONS sip:user@example.org SIP/2.0\n{top}From: "Bell, Alexander" <sip:a.g.bell@example.com>;tag=433423\n'
        'To: "Watson, Thomas" < sip:t.watson@example.org >\nCSeq: 3923239 OPTIONS\nl: 0\n\n'
    ),
    "baddn": (
        "OPTIONS sip:t.watson@example.org SIP/2.0\n{top}From: Bell, Alexander <sip:a.g.bell@example.com>;tag=43\n"
        "To: Watson, Thomas <sip:t.watson@example.org>\nCSeq: 31 OPTIONS\nl: 0\n\n"
    ),
    "badvers": "OPTIONS sip:t.watson@example.org SIP/7.0\n{top}{who}CSeq: 1 OPTIONS\nl: 0\n\n",
    "mismatch01": "OPTIONS sip:user@example.com SIP/2.0\n{top}{who}CSeq: 8 INVITE\nl: 0\n\n",
    "mismatch02": "NEWMETHOD sip:user@example.com SIP/2.0\n{top}{who}CSeq: 8 INVITE\n{sdp}",
    "bigcode": "SIP/2.0 4294967301 better not break the receiver\n{top}{who}CSeq: 8 INVITE\nl: 0\n\n",
    "badbranch": (
        "OPTIONS sip:user@example.com SIP/2.0\n{who}Max-Forwards: 3\nVia: SIP/2.0/UDP 192.0.2.1;rport;branch=z9hG4bK\n"
        "Call-ID: badbranch.sadonfo23i420jv0as0derf3j3n\nCSeq: 8 OPTIONS\nl: 0\n\n"
    ),
}  # fmt: skip
_APPLICATION = {
    "insuf": "INVITE sip:user@example.com SIP/2.0\nCSeq: 193942 INVITE\nVia: SIP/2.0/UDP 192.0.2.95;rport\n{sdp}",
    "unkscm": (
        "OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0\n{top}{who}CSeq: 3923423 OPTIONS\n"
        "Content-Length: 0\n\n"
    ),
    "novelsc": "OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0\n{top}{who}CSeq: 3923423 OPTIONS\nContent-Length: 0\n\n",
    "unksm2": (
        "REGISTER sip:example.com SIP/2.0\n{top}To: isbn:2983792873\nFrom: <http://www.example.com>;tag=3234233\n"
        "CSeq: 234902 REGISTER\nContact: <name:John_Smith>\nl: 0\n\n"
    ),
    "bext01": (
        "OPTIONS sip:user@example.com SIP/2.0\n{top}{who}CSeq: 8 OPTIONS\nRequire: nothingSupportsThis, "
        "nothingSupportsThisEither\nProxy-Require: noProxiesSupportThis\nContent-Length: 0\n\n"
    ),
    "invut": (
        "INVITE sip:user@example.com SIP/2.0\n{top}{who}CSeq: 235448 INVITE\nContact: <sip:caller@192.0.2.1>\n"
        "Content-Type: application/unknownformat\nContent-Length: 6\n\n<xml/>"
    ),
    "regaut01": (
        "REGISTER sip:example.com SIP/2.0\n{top}{who}CSeq: 9338 REGISTER\n"
        "Authorization: NoOneKnowsThisScheme opaque-data=here\nContent-Length: 0\n\n"
    ),
    "multi01": (
        "INVITE sip:user@company.com SIP/2.0\nContact: <sip:caller@host25.example.com>\n"
        "Via: SIP/2.0/UDP 192.0.2.25;rport;branch=z9hG4bKkdjuw\nMax-Forwards: 70\nCSeq: 5 INVITE\n"
        "Call-ID: multi01.98asdh@192.0.2.1\nCSeq: 59 INVITE\nCall-ID: multi01.98asdh@192.0.2.2\n"
        "From: sip:caller@example.com;tag=3413415\nTo: sip:user@example.com\nTo: sip:other@example.net\n"
        "From: sip:caller@example.net;tag=2923420123\nContent-Type: application/sdp\nl: 9\n"
        "Contact: <sip:caller@host36.example.com>\nMax-Forwards: 5\n\nv=0\ns=-\n"
    ),
    "mcl01": (
        "OPTIONS sip:user@example.com SIP/2.0\n{top}{who}CSeq: 8 OPTIONS\nContent-Length: 13\nContent-Length: 5\n"
        "Content-Type: text/plain\n\nThere's no way to know how many octets\n"
    ),
    "bcast": (
        "SIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923\n"
        "Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23\nCall-ID: bcast.0384840201234ksdfak3j2erwedfsASdf\n"
        "CSeq: 35 INVITE\n{who}{sdp}"
    ),
    "zeromf": (
        "OPTIONS sip:user@example.com SIP/2.0\n{who}Call-ID: zeromf.jfasdlfnm2o2l43r5u0asdfas\nCSeq: 39234321 OPTIONS\n"
        "Via: SIP/2.0/UDP host1.example.com;rport;branch=z9hG4bKkdjuw2349i\nMax-Forwards: 0\nContent-Length: 0\n\n"
    ),
    "cparam01": (
        "REGISTER sip:example.com SIP/2.0\n{top}{who}CSeq: 9338 REGISTER\n"
        "Contact: sip:+19725552222@gw1.example.net;unknownparam\nContent-Length: 0\n\n"
    ),
    "cparam02": (
        "REGISTER sip:example.com SIP/2.0\n{top}{who}CSeq: 9338 REGISTER\n"
        "Contact: <sip:+19725552222@gw1.example.net;unknownparam>\nContent-Length: 0\n\n"
    ),
    "regescrt": (
        "REGISTER sip:example.com SIP/2.0\n{top}{who}CSeq: 14398234 REGISTER\n"
        "Contact: <sip:user@example.com?Route=%3Csip:sip.example.com%3E>\nL:0\n\n"
    ),
    "sdp01": (
        "INVITE sip:user@example.com SIP/2.0\n{top}{who}CSeq: 5 INVITE\nContact: <sip:caller@host25.example.com>\n"
        "Accept: text/nobodyKnowsThis\n{sdp}"
    ),
    "inv2543": (
        "INVITE sip:UserB@example.com SIP/2.0\nVia: SIP/2.0/UDP iftgw.example.com;rport\n"
        "From: <sip:+13035551111@ift.client.example.net;user=phone>\n"
        "Record-Route: <sip:UserB@example.com;maddr=ss1.example.com>\n"
        "To: sip:+16505552222@ss1.example.net;user=phone\nCall-ID: inv2543.1717@ift.client.example.com\n"
        "CSeq: 56 INVITE\n"
        "Content-Type: application/sdp\n\n" + _SDP
    ),
}  # fmt: skip
MESSAGES = {name: _filled(name, text) for name, text in {**_VALID, **_INVALID, **_APPLICATION}.items()}
