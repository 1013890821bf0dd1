"""The command palette: what can be done from here, said in a few typed letters."""
