"""Pieces of regular expressions that take what Python's `re` takes, for an engine that follows JavaScript and linear time.

The official harvesters of DCAT-US are Python: digits, letters and blanks are Unicode's, and one line end may follow the value.
"""

DIGIT = r"\p{Nd}"
WORD = r"\p{L}\p{N}_"
BLANK = r"\t-\r\x1c-\x20\x85\xa0\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
END = r"\n?$"
MAILTO = rf"mailto:[{WORD}~!$&'()*+,;=:.-]+@[{WORD}.-]+\.[{WORD}.-]+"
"""An e-mail address as the schemas of DCAT-US 1.1 and 3 want it, without its ends."""
