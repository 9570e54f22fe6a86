"""How little of what somebody plays others here play."""
