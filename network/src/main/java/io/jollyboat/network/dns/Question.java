package io.jollyboat.network.dns;

/** What is asked: a name and a type, of class IN. */
record Question(Name name, int type) {}
