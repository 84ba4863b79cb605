//! One question for etcd with `etcd-client` or `reqwest`: the error, its form for
//! debugging, and what is behind it.

use std::error::Error;
use std::time::Duration;
use std::{env, fs};

use etcd_client::{Client, ConnectOptions};

type Answer<T> = Result<T, Box<dyn Error>>;

/// The client's certificate and key, where it has them.
fn pair() -> Answer<Option<(Vec<u8>, Vec<u8>)>> {
    match env::var("CERT")?.as_str() {
        "" => Ok(None),
        path => Ok(Some((fs::read(path)?, fs::read(env::var("KEY")?)?))),
    }
}

async fn by_etcd_client() -> Answer<()> {
    let endpoint = env::var("ENDPOINT")?;
    let limit = Duration::from_secs(5);
    let mut options = ConnectOptions::new()
        .with_timeout(limit)
        .with_connect_timeout(limit);
    if endpoint.starts_with("https") {
        let authority = fs::read(env::var("CA")?)?;
        #[cfg(feature = "rustls")]
        {
            let authority = etcd_client::Certificate::from_pem(authority);
            let mut tls = etcd_client::TlsOptions::new().ca_certificate(authority);
            if let Some((certificate, key)) = pair()? {
                tls = tls.identity(etcd_client::Identity::from_pem(certificate, key));
            }
            options = options.with_tls(tls);
        }
        #[cfg(feature = "openssl")]
        {
            let mut tls = etcd_client::OpenSslClientConfig::default().ca_cert_pem(&authority);
            if let Some((certificate, key)) = pair()? {
                tls = tls.client_cert_pem_and_key(&certificate, &key);
            }
            options = options.with_openssl_tls(tls);
        }
    }
    let mut client = Client::connect([endpoint], Some(options)).await?;
    println!("served: {}", client.get("foo", None).await?.count());
    Ok(())
}

async fn by_reqwest() -> Answer<()> {
    let authority = fs::read(env::var("CA")?)?;
    let mut builder = reqwest::Client::builder()
        .timeout(Duration::from_secs(5))
        .tls_certs_only(reqwest::Certificate::from_pem_bundle(&authority)?);
    if let Some((certificate, key)) = pair()? {
        #[cfg(feature = "rustls")]
        let identity = reqwest::Identity::from_pem(&[certificate, key].concat())?;
        #[cfg(feature = "openssl")]
        let identity = reqwest::Identity::from_pkcs8_pem(&certificate, &key)?;
        builder = builder.identity(identity);
    }
    if env::var("TLS_MAX")? == "1.2" {
        builder = builder.max_tls_version(reqwest::tls::Version::TLS_1_2);
    }
    let url = format!("{}/v3/kv/range", env::var("ENDPOINT")?);
    let question = builder.build()?.post(url).body("{\"key\":\"Zm9v\"}");
    let answer = question.send().await?;
    let status = answer.status();
    println!("{status} {}", answer.text().await?);
    if status.is_success() {
        Ok(())
    } else {
        Err("not served".into())
    }
}

#[tokio::main]
async fn main() {
    let asked = match env::args().nth(1).as_deref() {
        Some("reqwest") => by_reqwest().await,
        _ => by_etcd_client().await,
    };
    if let Err(error) = asked {
        println!("Error: {error}");
        println!("Debug: {error:?}");
        let mut behind = error.source();
        while let Some(cause) = behind {
            println!("caused by: {cause}");
            behind = cause.source();
        }
        std::process::exit(1);
    }
}
