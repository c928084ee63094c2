"""The portal as it is deployed: on an emulator of AWS that enforces the policies. `make deployed`."""
