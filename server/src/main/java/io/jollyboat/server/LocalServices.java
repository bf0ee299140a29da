package io.jollyboat.server;

import io.jollyboat.world.World;

/** An APIService that names no Service is one of our own, and available as soon as it is there. */
final class LocalServices implements Step {
    private final World world;

    LocalServices(World world) {
        this.world = world;
    }

    @Override
    public void take(Write write) {
        if (write.isCreationOf("apiservices.apiregistration.k8s.io")
                && !write.after().path("spec").path("service").isObject()) {
            write.after()
                    .putObject("status")
                    .putArray("conditions")
                    .addObject()
                    .put("type", "Available")
                    .put("status", "True")
                    .put("lastTransitionTime", Times.seconds(world.now()))
                    .put("reason", "Local")
                    .put("message", "Local APIServices are always available");
        }
    }
}
