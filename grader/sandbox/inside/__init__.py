"""What runs on the other side of the boundary: standard library and NumPy only, nothing else of the package."""
