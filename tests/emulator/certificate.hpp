// A self-signed certificate for 127.0.0.1, created by openssl for one test and then removed.
#pragma once

#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "emulator/options.hpp"

namespace bqconn::emulator {

class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "bqconn-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) {
            throw std::runtime_error("cannot create a temporary folder");
        }
        path_ = name;
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::string file(const std::string& name) const { return (path_ / name).string(); }

  private:
    std::filesystem::path path_;
};

class Certificate {
  public:
    Certificate() {
        const std::string command =
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
            "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout '" +
            key_file() + "' -out '" + certificate_file() + "' 2>/dev/null";
        if (std::system(command.c_str()) != 0) {
            throw std::runtime_error("openssl cannot create a certificate");
        }
    }
    std::string certificate_file() const { return folder_.file("certificate.pem"); }
    std::string key_file() const { return folder_.file("key.pem"); }
    void add_to(Options& options) const {
        options.tls_certificate = certificate_file();
        options.tls_key = key_file();
    }

  private:
    TemporaryFolder folder_;
};

}  // namespace bqconn::emulator
