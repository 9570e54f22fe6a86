"""What seals ballots and results, so that anybody can check them."""
