"""What accompanies a training: its explanations, and losses that ask something of them."""

from limelight.training import losses as losses
