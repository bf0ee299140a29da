package io.jollyboat.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.testing.TestAuthority;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.junit.jupiter.api.Test;

class KeyPemTest {
    private static String written(KeyPair keys) {
        return KeyPem.write((ECPrivateKey) keys.getPrivate(), (ECPublicKey) keys.getPublic());
    }

    @Test
    void whatIsWrittenIsReadAgain() throws GeneralSecurityException {
        for (int i = 0; i < 300; i++) { // some keys begin with a zero
            KeyPair keys = TestAuthority.newKeys();
            assertThat(((ECPrivateKey) KeyPem.read(written(keys))).getS())
                    .isEqualTo(((ECPrivateKey) keys.getPrivate()).getS());
        }
    }

    @Test
    void othersReadItToo() throws Exception {
        KeyPair keys = TestAuthority.newKeys();
        try (PEMParser parser = new PEMParser(new StringReader(written(keys)))) {
            KeyPair read = new JcaPEMKeyConverter().getKeyPair((PEMKeyPair) parser.readObject());
            assertThat(((ECPrivateKey) read.getPrivate()).getS()).isEqualTo(((ECPrivateKey) keys.getPrivate()).getS());
            assertThat(((ECPublicKey) read.getPublic()).getW()).isEqualTo(((ECPublicKey) keys.getPublic()).getW());
        }
    }

    @Test
    void theOtherFormIsReadAsWell() throws GeneralSecurityException {
        KeyPair keys = TestAuthority.newKeys();
        String pkcs8 = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(keys.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        assertThat(((ECPrivateKey) KeyPem.read(pkcs8)).getS()).isEqualTo(((ECPrivateKey) keys.getPrivate()).getS());
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> KeyPem.read("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n"))
                .isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> KeyPem.read("A")).isInstanceOf(GeneralSecurityException.class);
    }
}
