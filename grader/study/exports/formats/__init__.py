"""The formats, one file each. A new file here is a new format: nothing else names it.

A module defines `export(material, out)`, which writes the file `out` and returns what was written, such as "63 cards".
"""
