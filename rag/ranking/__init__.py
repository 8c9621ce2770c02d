"""A learned order of the best candidates: what is measured of each, what each measure counts, and when it is used."""
