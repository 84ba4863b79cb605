use super::*;

fn openssl(text: &str) -> String {
    text.parse::<DistinguishedName>().unwrap().to_openssl()
}

fn refused(text: &str) -> NameError {
    text.parse::<DistinguishedName>().unwrap_err()
}

#[test]
fn the_slash_spelling_keeps_its_order_and_the_comma_spelling_is_rfc_4514() {
    assert_eq!(openssl("/CN=client/O=team"), "/CN=client/O=team");
    assert_eq!(openssl("CN=client,O=team"), "/O=team/CN=client");
    assert_eq!(openssl(" CN = client , O = team "), "/O=team/CN=client");
    assert_eq!(openssl("CN=client"), "/CN=client");
}

#[test]
fn a_name_alone_is_the_common_name_and_keeps_to_its_limits() {
    assert_eq!(openssl("client"), "/CN=client");
    assert_eq!(openssl("  etcd client "), "/CN=etcd client");
    assert_eq!(openssl("10.0.0.11"), "/CN=10.0.0.11");
    assert_eq!(openssl("système:nœuds"), "/CN=système:nœuds");
    let too_long = NameError::TooLong {
        attribute: "CN",
        length: 65,
        limit: 64,
    };
    assert_eq!(refused(&"x".repeat(65)), too_long);
    for text in ["a,b", "a+b", "a/b", "/a", r"a\,b", "\"a\""] {
        let NameError::MissingEquals { .. } = refused(text) else {
            panic!("{text} has a mark of a spelling");
        };
    }
}

#[test]
fn every_attribute_is_read_back_in_both_spellings() {
    for known in ATTRIBUTE_TYPES {
        for name in [known.short, known.long] {
            let read: DistinguishedName = format!("{name}=AT").parse().unwrap();
            assert_eq!(read.to_openssl(), format!("/{}=AT", known.short));
            assert_eq!(read.to_openssl().parse(), Ok(read.clone()));
            assert_eq!(read.to_string().parse(), Ok(read), "{name}");
        }
    }
}

#[test]
fn escapes_are_taken_in_both_spellings() {
    assert_eq!(openssl(r"/CN=a\/b\\c\+d"), r"/CN=a\/b\\c\+d");
    assert_eq!(openssl(r"CN=a\,b\=c/d"), r"/CN=a,b=c\/d");
    assert_eq!(openssl(r"CN=Lu\C4\8Di\C4\87"), "/CN=Lučić");
    assert_eq!(openssl("CN=\"a, b\",O=x"), "/O=x/CN=a, b");
    assert_eq!(openssl(r"CN=a\ "), r"/CN=a\ ");
}

#[test]
fn several_values_in_one_relative_name_stay_together() {
    assert_eq!(openssl("/CN=a+UID=b/O=c"), "/CN=a+UID=b/O=c");
}

#[test]
fn an_attribute_twice_in_one_relative_name_is_said_to_be_there_twice() {
    for text in ["CN=a+CN=a", "CN=a+CN=b", "/O=x/CN=a+UID=c+commonName=b"] {
        assert_eq!(refused(text), NameError::Repeated { attribute: "CN" });
    }
    assert!(refused("CN=a+CN=a").to_string().contains("twice"));
    assert_eq!(openssl("CN=a,CN=a"), "/CN=a/CN=a");
}

#[test]
fn a_value_given_as_der_is_refused_by_its_attributes_name() {
    assert_eq!(
        refused("O=#0c0161"),
        NameError::HexadecimalValue {
            attribute: "O".into()
        }
    );
}

#[test]
fn markup_is_only_text() {
    assert_eq!(
        openssl("CN=<img src=x onerror=alert(1)>"),
        "/CN=<img src=x onerror=alert(1)>"
    );
}

#[test]
fn what_x509_cannot_hold_is_refused_with_the_reason() {
    assert_eq!(refused(""), NameError::Empty);
    assert_eq!(refused("  "), NameError::Empty);
    assert_eq!(
        refused("client,O=team"),
        NameError::MissingEquals {
            part: "client".into()
        }
    );
    assert_eq!(refused("CN="), NameError::EmptyValue { attribute: "CN" });
    assert_eq!(
        refused("XX=1"),
        NameError::UnknownAttribute { name: "XX".into() }
    );
    assert_eq!(
        refused(&format!("CN={}", "x".repeat(65))),
        NameError::TooLong {
            attribute: "CN",
            length: 65,
            limit: 64
        }
    );
    for (text, character) in [
        ("CN=a\nb", '\n'),
        (r"CN=a\00b", '\0'),
        ("CN=ro\u{200b}ot", '\u{200b}'),
        (r"CN=ro\E2\80\8Bot", '\u{200b}'),
        ("/CN=\u{202e}toor", '\u{202e}'),
        ("O=\u{f8ff}", '\u{f8ff}'),
    ] {
        let NameError::Unseen { unseen, .. } = refused(text) else {
            panic!("{text:?}");
        };
        assert_eq!(unseen.character(), character, "{text:?}");
    }
    assert_eq!(
        refused("C=Germany"),
        NameError::Country {
            value: "Germany".into()
        }
    );
    assert_eq!(refused("CN=a\\"), NameError::DanglingEscape);
    assert_eq!(refused("CN=\"a"), NameError::Quotation);
    assert_eq!(
        refused("emailAddress=ü@example.com"),
        NameError::Unencodable {
            attribute: "emailAddress",
            character: 'ü'
        }
    );
    assert!(matches!(
        refused("/CN=a//O=b"),
        NameError::MissingEquals { .. }
    ));
    assert!(matches!(refused("CN=a,"), NameError::MissingEquals { .. }));
}

#[test]
fn sixty_four_characters_are_counted_not_bytes() {
    assert!(
        format!("CN={}", "ü".repeat(64))
            .parse::<DistinguishedName>()
            .is_ok()
    );
}

#[test]
fn the_last_common_name_is_the_users() {
    let name: DistinguishedName = "/CN=first/CN=second".parse().unwrap();
    assert_eq!(common_name(name.as_name()).as_deref(), Some("second"));
}
