"""A report and its life: what may be reported, how it is filed, what may become of it."""
