"""The demo company Aurora Trading, and the generator behind it and the benchmark."""
