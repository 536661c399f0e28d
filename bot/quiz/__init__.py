"""What a quiz is: pure rules over plain values. No clock, no database, no platform."""
