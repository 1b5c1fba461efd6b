"""The formats, one file each. A new file here is a new format: nothing else names it.

A module may define `class_files(columns)`, which returns the files about the whole class, and `REPORT_FILE`, the file
for each report.
"""
