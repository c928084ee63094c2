"""July and August 2016 again: the seed's proportions, scaled to N reports, over HTTP against a local stage of its own."""
