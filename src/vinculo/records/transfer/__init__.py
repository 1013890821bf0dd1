"""Files in and out: reading tables people bring, writing the tables they take away."""
