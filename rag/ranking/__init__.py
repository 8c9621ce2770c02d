"""A learned order of the best candidates: what is measured of each, the trees that weigh it, and when they are used."""
