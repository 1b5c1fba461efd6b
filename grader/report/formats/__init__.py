"""The formats of one report, one module each: `NAME_report.py` with `SUFFIXES` and `render`."""
