// What a connection must be like before a request may go over it: protocol, TLS, certificate,
// roots.
#pragma once

#include <string>

#include "bqconn/http/url.hpp"
#include "curl_handle.hpp"

namespace bqconn::http {

// Sets everything about protocols, proxies and TLS but the roots.
void set_security(CurlEasy& easy, const UrlParts& url);

// The roots that a server's certificate must lead to.
class TrustedRoots {
  public:
    // PEM file; empty: libcurl's own, which are the system's.
    explicit TrustedRoots(std::string ca_file);

    void apply(CurlEasy& easy) const;

    // Why the file cannot be used, if it cannot; empty if all is well or there is no file.
    std::string complaint() const;

    // Debian has the same roots twice: as one file, which takes OpenSSL tens of milliseconds to
    // read, and as a directory, from which it reads the one that it needs. The directory is tried
    // alone first. A root may be in the file only, so after a refusal the caller asks for both:
    // true if that makes a difference.
    bool widen();

  private:
    std::string ca_file_;
    bool directory_alone_;
};

// A certificate that names its host by its common name alone. libcurl accepts it; RFC 9110 (4.3.4)
// does not, and the name constraints of an authority need not cover it. To be asked before the
// request leaves; false where the TLS library or a connection used again does not tell.
bool names_host_by_common_name_alone(CURL* easy);

}  // namespace bqconn::http
