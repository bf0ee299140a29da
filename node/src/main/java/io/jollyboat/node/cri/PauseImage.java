package io.jollyboat.node.cri;

import io.jollyboat.node.NodeException;
import java.util.HexFormat;

/**
 * The image of the process that holds a Pod's namespaces: one program of 200 bytes, put together here.
 *
 * <p>No compiler can be expected on a user's machine, and a shell as the keeper of every Pod would cost a megabyte of
 * memory each and would need a package; so the machine code stands below. The program blocks TERM, INT and CHLD and
 * waits for them: CHLD means that orphans of the Pod want to be reaped (it is process 1 where a Pod shares its process
 * namespace), TERM and INT mean to leave.
 */
public final class PauseImage {
    public static final String NAME = "docker.io/jollyboat/pause:1";

    private static final int ELF_HEADER = 64;
    private static final int PROGRAM_HEADER = 56;

    /** For x86-64, system calls as in Linux' table for that machine: 14 rt_sigprocmask, 128 rt_sigtimedwait, … */
    private static final String X86_64 = """
            68 02 40 01 00      start:  push 0x14002      ; the set: bits 1 INT, 14 TERM, 16 CHLD
            48 89 e6                    mov rsi, rsp
            31 ff                       xor edi, edi      ; SIG_BLOCK
            31 d2                       xor edx, edx      ; the old set is not wanted
            6a 08                       push 8
            41 5a                       pop r10           ; size of the set
            6a 0e                       push 14
            58                          pop rax           ; rt_sigprocmask
            0f 05                       syscall
            48 89 e7            wait:   mov rdi, rsp
            31 f6                       xor esi, esi      ; no details wanted
            31 d2                       xor edx, edx      ; for ever
            6a 08                       push 8
            41 5a                       pop r10
            b8 80 00 00 00              mov eax, 128      ; rt_sigtimedwait
            0f 05                       syscall
            83 f8 11                    cmp eax, 17
            74 13                       je reap           ; CHLD
            83 f8 0f                    cmp eax, 15
            74 05                       je leave          ; TERM
            83 f8 02                    cmp eax, 2
            75 df                       jne wait          ; INT goes on to leave
            31 ff               leave:  xor edi, edi
            b8 e7 00 00 00              mov eax, 231      ; exit_group
            0f 05                       syscall
            6a ff               reap:   push -1
            5f                          pop rdi           ; any child
            31 f6                       xor esi, esi      ; its status is not wanted
            6a 01                       push 1
            5a                          pop rdx           ; WNOHANG
            45 31 d2                    xor r10d, r10d
            6a 3d                       push 61
            58                          pop rax           ; wait4
            0f 05                       syscall
            85 c0                       test eax, eax
            7f ec                       jg reap           ; there may be more
            eb c0                       jmp wait
            """;

    private PauseImage() {}

    /** The image, for this machine's processor. */
    public static OciImage image() {
        return OciImage.of(new Tar().file("pause", 0755, program()).bytes()).withEntrypoint("/pause");
    }

    /** A static executable for Linux: an ELF header, one loaded segment, the code (System V ABI, ELF-64). */
    static byte[] program() {
        String machine = System.getProperty("os.arch");
        if (!machine.equals("amd64")) {
            throw new NodeException("there is no pause program for " + machine + " yet: nodes run on x86-64 only");
        }
        byte[] code = code(X86_64);
        int size = ELF_HEADER + PROGRAM_HEADER + code.length;
        var elf = java.nio.ByteBuffer.allocate(size).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        long base = 0x400000;
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16); // 64 bits, little endian, version 1
        elf.putShort((short) 2).putShort((short) 62).putInt(1); // executable, x86-64
        elf.putLong(base + ELF_HEADER + PROGRAM_HEADER).putLong(ELF_HEADER).putLong(0); // entry, headers' places
        elf.putInt(0).putShort((short) ELF_HEADER);
        elf.putShort((short) PROGRAM_HEADER).putShort((short) 1).putLong(0).position(ELF_HEADER);
        elf.putInt(1).putInt(5); // load; readable and executable
        elf.putLong(0).putLong(base).putLong(base).putLong(size).putLong(size).putLong(0x1000);
        elf.put(code);
        return elf.array();
    }

    /** The bytes at the beginning of each line. */
    private static byte[] code(String listing) {
        String hex = listing.lines().map(line -> line.substring(0, 20)).reduce("", String::concat);
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
