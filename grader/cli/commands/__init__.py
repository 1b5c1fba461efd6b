"""One module for each command. A command parses its arguments, calls one function, prints, and exits."""
