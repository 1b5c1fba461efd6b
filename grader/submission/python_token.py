"""One pattern for the tokens of Python in texts that may be broken. The time is in proportion to the length.

The tokenizer of the standard library refuses a broken text. That of Pygments is quadratic: it took 108 seconds for
64 KB of blank lines after a colon.
"""

from __future__ import annotations

import re

PYTHON_TOKEN = re.compile(
    r"(?P<blank>[ \t\f]++|\\\n)"
    r"|(?P<comment>#[^\n]*+)"
    r"|'''(?:[^\\']++|\\.|'(?!''))*+(?:''')?"
    r'|"""(?:[^\\"]++|\\.|"(?!""))*+(?:""")?'
    r"|'(?:[^\\'\n]++|\\.)*+'?"
    r'|"(?:[^\\"\n]++|\\.)*+"?'
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<end>\n)"
    r"|\w++|(?:[=!<>:+*/%&|^@-]|//|\*\*|<<|>>)=|.",
    re.DOTALL,
)
