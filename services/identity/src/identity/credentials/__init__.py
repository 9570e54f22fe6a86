"""What proves who somebody is, as the gateway is shown it."""
