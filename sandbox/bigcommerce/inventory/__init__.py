"""Stock by location, and the store's locations."""
