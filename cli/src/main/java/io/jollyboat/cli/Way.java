package io.jollyboat.cli;

import io.jollyboat.api.Api;
import io.jollyboat.client.HttpApi;
import io.jollyboat.cluster.Cluster;
import io.jollyboat.cluster.Kubeconfig;
import io.jollyboat.world.World;
import java.io.ByteArrayInputStream;
import java.util.List;

/** The way into a running cluster: into this process's own, or over HTTP into another's. */
record Way(Api api, Shelf shelf) {
    static Way into(Cluster own) {
        return new Way(own.api(), new Shelf() {
            @Override
            public List<String> load(byte[] archive) {
                return own.loadImages(new ByteArrayInputStream(archive));
            }

            @Override
            public List<String> names() {
                return own.images();
            }
        });
    }

    static Way into(Named other, Kubeconfig.Access access, World world) {
        return new Way(new HttpApi(access.connection(), world), new Image.Remote(other));
    }
}
