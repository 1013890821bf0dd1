"""Lines with prices, as quotes and deals both have them."""
