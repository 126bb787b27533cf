"""One file a revision: ``r0001_baseline`` makes schema 1."""
