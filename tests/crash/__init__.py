"""Every call breaks in every way, alone and in pairs, under the product's own code: nothing is lost, doubled or stuck."""
