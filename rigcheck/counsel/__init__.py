"""What is advised to a machine: one file a topic, each a pure function of the rig."""
