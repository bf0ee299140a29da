package io.jollyboat.controllers;

/** An object as a mirror keeps it, whatever else of it is kept. */
interface Mirrored {
    Metadata metadata();
}
