"""Learning, judging and explaining chances: numbers in, numbers out.

All modules but `sheet` load numpy, scikit-learn and lightgbm: only the process that learns imports them.
"""
