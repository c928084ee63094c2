"""One act for many reports: chosen, tried without doing anything, confirmed, carried out row by row, and taken back as one."""
