package io.jollyboat.bench;

import io.jollyboat.client.Key;
import io.jollyboat.network.Protocol;
import io.jollyboat.network.Service;
import io.jollyboat.network.ServicePort;
import java.util.List;
import java.util.Optional;

/** The Service that most measurements are made with: one ClusterIP, one port, nothing else asked for. */
final class PlainService {
    private PlainService() {}

    /** A Service of the namespace "bench" on TCP port 80. */
    static Service of(String name, String portName, String address) {
        return new Service(
                new Key("bench", name),
                Service.Type.CLUSTER_IP,
                List.of(address),
                false,
                "",
                List.of(new ServicePort(portName, Protocol.TCP, 80, 0)),
                List.of(),
                List.of(),
                Optional.empty(),
                false,
                false,
                List.of(),
                0,
                false);
    }
}
