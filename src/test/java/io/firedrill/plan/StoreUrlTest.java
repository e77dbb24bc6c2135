package io.firedrill.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.FailureException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreUrlTest {
    @Test
    void aBucketHasTheDefaultsOfThePlanFile() {
        assertThat(StoreUrl.read("s3://backups/shop/nightly/"))
                .isEqualTo(new StorePlan.S3("store", "backups", "shop/nightly", "us-east-1", Optional.empty(), false, Optional.empty()));
    }

    @Test
    void anEndpointMeansPathStyleUnlessSaidOtherwise() {
        StorePlan.S3 store = (StorePlan.S3) StoreUrl.read(
                "s3://backups?endpoint=https%3A%2F%2Fs3.example.org%3A9000&region=eu-central-1&credentialsFile=/root/keys%20here");
        assertThat(store.endpoint()).contains(URI.create("https://s3.example.org:9000"));
        assertThat(store.pathStyle()).isTrue();
        assertThat(store.region()).isEqualTo("eu-central-1");
        assertThat(store.credentialsFile()).contains(Path.of("/root/keys here"));
        assertThat(((StorePlan.S3) StoreUrl.read("s3://backups?endpoint=http://h&pathStyle=false")).pathStyle()).isFalse();
    }

    @Test
    void aGoogleBucketNeedsItsKey() {
        assertThat(StoreUrl.read("gcs://backups/shop?credentialsFile=/root/hmac"))
                .isEqualTo(new StorePlan.Gcs("store", "backups", "shop", StorePlan.Gcs.PUBLIC_ENDPOINT, Path.of("/root/hmac")));
        assertRefused("gcs://backups/shop", "HMAC");
    }

    @Test
    void aFolderIsAPathOrAFileUrl() {
        assertThat(StoreUrl.read("/mnt/../backups")).isEqualTo(new StorePlan.Directory("store", Path.of("/backups")));
        assertThat(StoreUrl.read("file:///mnt/my%20backups")).isEqualTo(new StorePlan.Directory("store", Path.of("/mnt/my backups")));
        assertThat(StoreUrl.read("backups")).isEqualTo(new StorePlan.Directory("store", Path.of("backups").toAbsolutePath()));
    }

    @ParameterizedTest
    @CsvSource({
        "s3://, names no bucket",
        "s3://UPPER/x, names no bucket",
        "s3://backups//x, names no bucket",
        "s3://backups?regio=x, no parameter 'regio'",
        "s3://backups?region, no parameter 'region'",
        "s3://backups?region=, has no value",
        "s3://backups?endpoint=ftp://x, no web address",
        "s3://backups?endpoint=http://me:pw@x, no web address",
        "s3://backups?pathStyle=yes, pathStyle is 'yes'",
        "https://backups.s3.amazonaws.com/x, is no store",
        "'', empty",
    })
    void whatIsNoStoreIsNamed(String url, String what) {
        assertRefused(url, what);
    }

    private static void assertRefused(String url, String what) {
        FailureException refused = catchThrowableOfType(FailureException.class, () -> StoreUrl.read(url));
        assertThat(refused).as(url).isNotNull();
        assertThat(refused.failure().code()).isEqualTo("bad-store-url");
        assertThat(refused.failure().what()).contains(what);
        assertThat(refused.failure().next()).isNotBlank();
    }
}
