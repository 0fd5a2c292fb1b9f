"""What each caisse uses and how it fares, hour by hour: figures only, never contents."""
