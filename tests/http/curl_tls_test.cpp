// Which servers are trusted. All others must not have received a byte of the request.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <ostream>

#include "bqconn/http/curl_transport.hpp"
#include "support/environment.hpp"
#include "support/http_call.hpp"
#include "support/raw_server.hpp"
#include "support/server_tls.hpp"
#include "support/temp_folder.hpp"
#include "support/temporary_file.hpp"

namespace bqconn::http {
namespace {

using test::answer;
using test::answer_once;
using test::call_once;
using test::Certificate;
using test::CertificatePlan;
using test::RawConnection;
using test::RawServer;
using test::ServerTls;
using test::TemporaryFile;

TransportOptions trusting(const TemporaryFile& roots) {
    TransportOptions options = test::patient();
    options.ca_file = roots.path();
    return options;
}

enum class Signer { root, itself, unknown_root };

struct Case {
    std::string name;
    CertificatePlan plan;
    Signer signer = Signer::root;
    int newest = 0;
    std::string outcome = "tls.certificate no tls";
};

void PrintTo(const Case& one, std::ostream* out) {
    *out << one.name;
}

const Certificate* issuer_of(const Case& one) {
    static const Certificate unknown({.common_name = "unknown root", .is_authority = true});
    switch (one.signer) {
        case Signer::root:
            return &test::test_root();
        case Signer::unknown_root:
            return &unknown;
        case Signer::itself:
            break;
    }
    return nullptr;
}

std::vector<Case> cases() {
    const CertificatePlan by_name_alone{.common_name = "127.0.0.1", .alternative_names = {}};
    const std::string handshake = "tls.handshake no tls";
    return {
        {.name = "Good", .plan = {}, .outcome = "200"},
        {.name = "GoodRsa", .plan = {.rsa_bits = 2048}, .outcome = "200"},
        {.name = "GoodTls12", .plan = {}, .newest = TLS1_2_VERSION, .outcome = "200"},
        {.name = "Expired", .plan = {.starts_in_days = -9, .ends_in_days = -1}},
        {.name = "NotYetValid", .plan = {.starts_in_days = 1, .ends_in_days = 9}},
        {.name = "WrongAddress", .plan = {.alternative_names = {"IP:127.0.0.2"}}},
        {.name = "WrongName", .plan = {.alternative_names = {"DNS:example.com"}}},
        {.name = "SelfSigned", .plan = {}, .signer = Signer::itself},
        {.name = "UntrustedRoot", .plan = {}, .signer = Signer::unknown_root},
        {.name = "WrongPurpose", .plan = {.purpose = "clientAuth"}},
        {.name = "WeakKey512", .plan = {.rsa_bits = 512}, .newest = TLS1_2_VERSION},
        {.name = "WeakKey1024", .plan = {.rsa_bits = 1024}},
        {.name = "Sha1Signature", .plan = {.sha1 = true}},
        {.name = "CommonNameAlone", .plan = by_name_alone},
        {.name = "Tls10Only", .plan = {}, .newest = TLS1_VERSION, .outcome = handshake},
        {.name = "Tls11Only", .plan = {}, .newest = TLS1_1_VERSION, .outcome = handshake},
    };
}

class CurlTlsMatrix : public testing::TestWithParam<Case> {};

TEST_P(CurlTlsMatrix, IsBelievedOrNot) {
    const Certificate certificate(GetParam().plan, issuer_of(GetParam()));
    const ServerTls tls(certificate, GetParam().newest);
    RawServer server(answer_once, &tls);
    const TemporaryFile roots(test::test_root().pem());
    const auto outcome = call_once(test::post(server.url(), "canary"), trusting(roots));
    EXPECT_EQ(outcome.text(), GetParam().outcome) << outcome.message();
    EXPECT_EQ(server.requests(), outcome.response ? 1 : 0);
    EXPECT_EQ(server.received().empty(), !outcome.response);
}

INSTANTIATE_TEST_SUITE_P(Certificates, CurlTlsMatrix, testing::ValuesIn(cases()),
                         [](const auto& one) { return one.param.name; });

// The given roots replace the system's, which do not include the test's.
TEST(CurlTls, SystemRootsDoNotKnowOurs) {
    const Certificate certificate({}, &test::test_root());
    const ServerTls tls(certificate);
    RawServer server(answer_once, &tls);
    const auto outcome = call_once(test::post(server.url()));
    EXPECT_EQ(outcome.text(), "tls.certificate no tls");
    EXPECT_NE(outcome.message().find("--ca-file"), std::string::npos);
    EXPECT_EQ(server.received(), "");
}

TEST(CurlTls, FolderOfRoots) {
    const Certificate certificate({}, &test::test_root());
    const ServerTls tls(certificate);
    const Certificate other({.common_name = "other root", .is_authority = true});
    const TemporaryFile other_roots(other.pem());
    const tests::TempFolder folder;
    std::array<char, 16> name{};
    std::snprintf(name.data(), name.size(), "%08lx.0",
                  X509_subject_name_hash(test::test_root().x509()));
    folder.write(name.data(), test::test_root().pem());
    for (const std::string& file : {std::string(), other_roots.path()}) {
        for (const std::string& path : {folder.path(), "/nonexistent:" + folder.path()}) {
            RawServer server(answer_once, &tls);
            TransportOptions options = test::patient();
            options.ca_file = file;
            options.ca_folder = path;
            EXPECT_EQ(call_once(test::get(server.url()), options).text(), "200") << path << file;
        }
    }
}

TEST(CurlTls, FileOfRootsThatCannotBeUsed) {
    const Certificate certificate({}, &test::test_root());
    const ServerTls tls(certificate);
    RawServer server(answer_once, &tls);
    const TemporaryFile empty("");
    const TemporaryFile no_certificate("-----BEGIN PRIVATE KEY-----\ncanary\n");
    const TemporaryFile broken("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    const std::pair<std::string, std::string> files[] = {
        {"/nonexistent/roots.pem", "No such file or directory"},
        {testing::TempDir(), "Is a directory"},
        {empty.path(), "it contains no PEM certificate"},
        {no_certificate.path(), "it contains no PEM certificate"},
        {broken.path(), ""},
    };
    for (const auto& [path, reason] : files) {
        TransportOptions options = test::patient();
        options.ca_file = path;
        const auto outcome = call_once(test::post(server.url()), options);
        EXPECT_EQ(outcome.text(), "tls.ca_file no config") << path;
        EXPECT_NE(outcome.message().find(path), std::string::npos) << outcome.message();
        EXPECT_NE(outcome.message().find(reason), std::string::npos) << outcome.message();
        EXPECT_EQ(outcome.message().find("canary"), std::string::npos);
    }
    EXPECT_EQ(server.received(), "");
}

TEST(CurlTls, ServersThatSpeakNoTls) {
    const std::pair<std::string, RawServer::Script> servers[] = {
        {"plain HTTP",
         [](RawConnection& connection) { connection.send("HTTP/1.1 400 Bad Request\r\n\r\n"); }},
        {"closes", [](RawConnection&) {}},
        {"resets",
         [](RawConnection& connection) {
             connection.peek(1);
             connection.reset();
         }},
        {"rubbish",
         [](RawConnection& connection) {
             connection.send(std::string(1000, '\x16'));
             connection.stall();
         }},
    };
    for (const auto& [name, script] : servers) {
        RawServer server(script);
        const auto outcome =
            call_once(test::post("https://127.0.0.1:" + std::to_string(server.port()) + "/"));
        EXPECT_EQ(outcome.text(), "tls.handshake no tls") << name << ": " << outcome.message();
    }
}

TEST(CurlTls, NamesAreCheckedToo) {
    const Certificate certificate({.alternative_names = {"DNS:localhost"}}, &test::test_root());
    const ServerTls tls(certificate);
    RawServer server(answer_once, &tls);
    const TemporaryFile roots(test::test_root().pem());
    const std::string port = std::to_string(server.port());
    EXPECT_EQ(call_once(test::get("https://localhost:" + port), trusting(roots)).text(), "200");
    EXPECT_EQ(call_once(test::get("https://127.0.0.1:" + port), trusting(roots)).text(),
              "tls.certificate no tls");
}

// libcurl accepts the end of a connection as the end of TLS, so only the length shows truncation
// (or, without one, the body's reader).
TEST(CurlTls, CutWithoutTheEndOfTls) {
    const Certificate certificate({}, &test::test_root());
    const ServerTls tls(certificate);
    RawServer server(
        [](RawConnection& connection) {
            connection.read_request();
            connection.send("HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{\"id\":\"x\"}");
            connection.drop();
        },
        &tls);
    const TemporaryFile roots(test::test_root().pem());
    EXPECT_EQ(call_once(test::post(server.url()), trusting(roots)).text(),
              "network.truncated maybe network");
}

TEST(CurlTls, AConnectionIsUsedAgain) {
    const Certificate certificate({}, &test::test_root());
    const ServerTls tls(certificate);
    RawServer server(
        [](RawConnection& connection) {
            while (!connection.read_request().empty()) {
                connection.send(answer("200 OK", "{}"));
            }
        },
        &tls);
    const TemporaryFile roots(test::test_root().pem());
    CurlTransport transport(trusting(roots));
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(test::call(transport, test::get(server.url())).text(), "200");
    }
    EXPECT_EQ(server.connections(), 1);
}

// libcurl reads SSLKEYLOGFILE when it is initialised, so that must not happen before main() can
// unset it.
TEST(CurlTlsDeathTest, NoKeyLogOnceTheVariableIsUnset) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const std::string path = testing::TempDir() + "bqconn-keys-" + std::to_string(::getpid());
    const test::ScopedVariable variable("SSLKEYLOGFILE", path);
    const auto writes_no_key = [] {
        const std::string log = ::getenv("SSLKEYLOGFILE");
        ::unsetenv("SSLKEYLOGFILE");
        const Certificate certificate({}, &test::test_root());
        const ServerTls tls(certificate);
        RawServer server(answer_once, &tls);
        const TemporaryFile roots(test::test_root().pem());
        const auto outcome = call_once(test::get(server.url()), trusting(roots));
        return outcome.text() == "200" && ::access(log.c_str(), F_OK) != 0;
    };
    EXPECT_EXIT(::_exit(writes_no_key() ? 0 : 1), testing::ExitedWithCode(0), "");
    ::unlink(path.c_str());
}

}  // namespace
}  // namespace bqconn::http
