"""What the builder takes for white space: not what Python does.

BuildKit uses three different notions, and a line is read wrongly by whoever mixes them: Python's ``str.isspace``
also knows the separators U+001C to U+001F, and ``\\s`` with them.
"""

SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""Go's ``unicode.IsSpace``: trimmed at the ends of lines, and between words that may be quoted."""

BLANK = "\t\v\f\r "
"""``reWhitespace`` of BuildKit's parser.go: between keyword and arguments, and between plain words."""

ASCII_SPACE = "\t\n\f\r "
"""``\\s`` of Go's regular expressions: in directives and after ``<<``."""
