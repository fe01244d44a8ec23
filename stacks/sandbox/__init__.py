"""Facebook and Cyclr on this machine, as far as this package and its users touch them."""
