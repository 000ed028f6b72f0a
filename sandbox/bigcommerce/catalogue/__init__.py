"""Products, variants and what sorts and adorns them."""
