"""The words Vinculo shows: finding them in the source, and holding the translations to them."""
