import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** One question for etcd's gateway, with a client that comes with Java. */
class Http {
    static final String BODY = "{\"key\":\"Zm9v\"}";

    static String told(String name) {
        String value = System.getenv(name);
        return value == null ? "" : value;
    }

    static PrivateKey key(String path) throws Exception {
        String text = Files.readString(Path.of(path)).replaceAll("-----[^-]*-----", "").replaceAll("\\s", "");
        PKCS8EncodedKeySpec form = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text));
        InvalidKeySpecException first = null;
        for (String kind : new String[] {"RSA", "EC", "EdDSA"}) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(form);
            } catch (InvalidKeySpecException other) {
                first = first == null ? other : first;
            }
        }
        throw first;
    }

    static SSLContext context() throws Exception {
        char[] password = "store".toCharArray();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(Path.of(told("CA")))) {
            trusted.setCertificateEntry("ca", factory.generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManager[] keys = null;
        if (!told("CERT").isEmpty()) {
            Certificate[] chain;
            try (InputStream in = Files.newInputStream(Path.of(told("CERT")))) {
                chain = factory.generateCertificates(in).toArray(new Certificate[0]);
            }
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            own.setKeyEntry("client", key(told("KEY")), password, chain);
            KeyManagerFactory manager = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            manager.init(own, password);
            keys = manager.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance(told("TLS_MAX").isEmpty() ? "TLS" : "TLSv1.2");
        context.init(keys, trust.getTrustManagers(), null);
        return context;
    }

    static String byClient(SSLContext context) throws Exception {
        HttpClient.Builder builder = HttpClient.newBuilder();
        if (context != null) {
            builder.sslContext(context);
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(told("ENDPOINT") + "/v3/kv/range"))
            .timeout(Duration.ofSeconds(5))
            .POST(HttpRequest.BodyPublishers.ofString(BODY))
            .build();
        HttpResponse<String> answer = builder.build().send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            System.out.println(answer.statusCode() + " " + answer.body());
            System.exit(1);
        }
        return answer.body();
    }

    static String byUrl(SSLContext context) throws Exception {
        URI address = URI.create(told("ENDPOINT") + "/v3/kv/range");
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        if (context != null) {
            ((HttpsURLConnection) connection).setSSLSocketFactory(context.getSocketFactory());
        }
        connection.setConnectTimeout(5000);
        connection.setReadTimeout(5000);
        connection.setDoOutput(true);
        connection.getOutputStream().write(BODY.getBytes());
        return new String(connection.getInputStream().readAllBytes());
    }

    public static void main(String[] none) {
        try {
            boolean secure = told("ENDPOINT").startsWith("https");
            boolean stores = told("WHICH").equals("stores");
            SSLContext context = secure && !stores ? context() : null;
            String answer = told("WHICH").equals("url") ? byUrl(context) : byClient(context);
            System.out.println("served: " + answer);
        } catch (Throwable error) {
            error.printStackTrace(System.out);
            System.exit(1);
        }
        System.exit(0);
    }
}
