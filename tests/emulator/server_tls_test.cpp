#include <gtest/gtest.h>

#include <utility>

#include "bqconn/core/error.hpp"
#include "bqconn/emulator/server.hpp"
#include "emulator/certificate.hpp"
#include "emulator/http_client.hpp"

namespace bqconn::emulator {
namespace {

TEST(TlsServer, Answers) {
    const Certificate certificate;
    RunningEmulator emulator({}, certificate.server_options());
    EXPECT_TRUE(emulator.server.url().starts_with("https://127.0.0.1:"));
    const Reply reply = send_tls(emulator.port(), certificate.certificate_file(), "/");
    EXPECT_EQ(reply.status, 404);
    EXPECT_TRUE(reply.has("x-request-id"));
}

TEST(TlsServer, ResetsToo) {
    const Certificate certificate;
    EmulatorOptions options;
    options.faults.push_back(parse_fault("GET /x=reset;times=1"));
    RunningEmulator emulator(options, certificate.server_options());
    EXPECT_EQ(send_tls(emulator.port(), certificate.certificate_file(), "/x").status, 0);
    EXPECT_EQ(send_tls(emulator.port(), certificate.certificate_file(), "/x").status, 404);
}

TEST(TlsServer, CertificateThatCannotBeUsed) {
    const Certificate certificate;
    Emulator emulator({});
    for (const auto& [cert, key] :
         {std::pair{certificate.certificate_file(), certificate.certificate_file()},
          std::pair{std::string("/nonexistent"), certificate.key_file()}}) {
        ServerOptions options;
        options.tls_certificate = cert;
        options.tls_key = key;
        try {
            const Server server(emulator, options);
            FAIL() << cert;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), "tls.unusable");
        }
    }
}

}  // namespace
}  // namespace bqconn::emulator
