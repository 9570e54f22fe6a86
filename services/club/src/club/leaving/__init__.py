"""Members who left for ever: what was counted stays counted, as a former member's, and nothing else of them stays."""
