package io.jollyboat.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A disk in memory that can lose power, fill up and fail. It keeps what was forced apart from what was only written;
 * {@link #crash} gives back a disk with what was forced, and any part of the rest, torn at sectors.
 */
final class FaultDisk implements Disk {
    private static final int SECTOR = 512;

    private final Random random;
    private final Map<String, Content> names = new TreeMap<>();
    private final List<Naming> unforcedNames = new ArrayList<>();
    private Map<String, Content> forcedNames = new TreeMap<>();
    private boolean dead;
    private long capacity = Long.MAX_VALUE;
    private boolean failForce;
    private boolean failCut;
    private long stepsToDeath = Long.MAX_VALUE;

    FaultDisk(long seed) {
        random = new Random(seed);
    }

    private interface Naming {
        void apply(Map<String, Content> names);
    }

    /** The bytes of one file: the forced ones, what is to be seen, and the steps from the one to the other. */
    private static final class Content {
        byte[] forced = new byte[0];
        byte[] now = new byte[0];
        final List<Step> unforced = new ArrayList<>();
    }

    /** A write, or a cut when there are no bytes. */
    private record Step(long at, byte[] bytes, boolean cut) {
        byte[] on(byte[] content) {
            if (cut) {
                return Arrays.copyOf(content, (int) at);
            }
            byte[] result = Arrays.copyOf(content, Math.max(content.length, (int) at + bytes.length));
            System.arraycopy(bytes, 0, result, (int) at, bytes.length);
            return result;
        }
    }

    synchronized void capacity(long bytes) {
        capacity = bytes;
    }

    synchronized void failForce(boolean fail) {
        failForce = fail;
    }

    synchronized void failCut(boolean fail) {
        failCut = fail;
    }

    /** After so many more steps the power is gone. */
    synchronized void dieAfter(long steps) {
        stepsToDeath = steps;
    }

    synchronized boolean dead() {
        return dead;
    }

    synchronized long used() {
        return names.values().stream().mapToLong(content -> content.now.length).sum();
    }

    /** The bytes of a file, to be looked at or damaged. */
    synchronized byte[] bytes(String name) {
        return names.get(name).now;
    }

    /** The disk as it is after power has come back. */
    synchronized FaultDisk crash() {
        dead = true;
        FaultDisk after = new FaultDisk(random.nextLong());
        Map<String, Content> left = new TreeMap<>(forcedNames);
        int applied = random.nextInt(unforcedNames.size() + 1);
        unforcedNames.subList(0, applied).forEach(naming -> naming.apply(left));
        left.forEach((name, content) -> {
            Content survived = new Content();
            survived.forced = torn(content);
            survived.now = survived.forced;
            after.names.put(name, survived);
        });
        after.forcedNames = new TreeMap<>(after.names);
        return after;
    }

    private byte[] torn(Content content) {
        byte[] result = content.forced;
        for (Step step : content.unforced) {
            if (step.cut()) {
                result = random.nextBoolean() && result.length >= step.at() ? step.on(result) : result;
                continue;
            }
            boolean whole = random.nextInt(4) == 0;
            int from = 0;
            while (from < step.bytes().length) {
                int to = (int) Math.min(step.bytes().length, (step.at() + from) / SECTOR * SECTOR + SECTOR - step.at());
                if (whole || random.nextBoolean()) {
                    result = new Step(step.at() + from, Arrays.copyOfRange(step.bytes(), from, to), false).on(result);
                }
                from = to;
            }
        }
        return result;
    }

    private void step() throws IOException {
        if (!dead && --stepsToDeath < 0) {
            dead = true;
        }
        if (dead) {
            throw new IOException("the power is gone");
        }
    }

    @Override
    public String where() {
        return "/fault";
    }

    @Override
    public synchronized boolean exists(String name) {
        return names.containsKey(name);
    }

    @Override
    public synchronized DiskFile open(String name) throws IOException {
        step();
        if (!names.containsKey(name)) {
            Content content = new Content();
            naming(map -> map.put(name, content));
        }
        return new Handle(names.get(name));
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        step();
        naming(map -> {
            Content moved = map.remove(from);
            if (moved != null) {
                map.put(to, moved);
            }
        });
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        step();
        naming(map -> map.remove(name));
    }

    @Override
    public synchronized void forceNames() throws IOException {
        step();
        forcedNames = new TreeMap<>(names);
        unforcedNames.clear();
    }

    private void naming(Naming naming) {
        naming.apply(names);
        unforcedNames.add(naming);
    }

    @Override
    public void close() {}

    private final class Handle implements DiskFile {
        private final Content content;

        Handle(Content content) {
            this.content = content;
        }

        @Override
        public long length() {
            synchronized (FaultDisk.this) {
                return content.now.length;
            }
        }

        @Override
        public void read(ByteBuffer into, long at) throws IOException {
            synchronized (FaultDisk.this) {
                step();
                int length = (int) Math.max(0, Math.min(into.remaining(), content.now.length - at));
                into.put(content.now, (int) Math.min(at, content.now.length), length);
            }
        }

        @Override
        public void write(ByteBuffer from, long at) throws IOException {
            synchronized (FaultDisk.this) {
                byte[] bytes = new byte[from.remaining()];
                from.get(bytes);
                boolean dies = !dead && stepsToDeath == 0;
                long free = capacity - used() + content.now.length;
                int fits = (int) Math.max(0, Math.min(bytes.length, free - at));
                if (dies) {
                    fits = random.nextInt(fits + 1);
                }
                if (!dead && fits > 0) {
                    take(new Step(at, Arrays.copyOf(bytes, fits), false));
                }
                step();
                if (fits < bytes.length) {
                    throw new IOException("No space left on device");
                }
            }
        }

        private void take(Step step) {
            content.now = step.on(content.now);
            content.unforced.add(step);
        }

        @Override
        public void cut(long length) throws IOException {
            synchronized (FaultDisk.this) {
                step();
                if (failCut) {
                    throw new IOException("Input/output error");
                }
                if (length < content.now.length) {
                    take(new Step(length, new byte[0], true));
                }
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (FaultDisk.this) {
                step();
                if (failForce) {
                    content.unforced.clear(); // as Linux does: what was not written counts as written
                    throw new IOException("Input/output error");
                }
                content.forced = content.now;
                content.unforced.clear();
            }
        }

        @Override
        public void close() {}
    }
}
