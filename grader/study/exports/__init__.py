"""Cards and questions in the formats of other programs, one file for each."""
