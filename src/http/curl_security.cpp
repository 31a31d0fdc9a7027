#include "curl_security.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "bqconn/version.hpp"

namespace bqconn::http {
namespace {

bool tls_is_openssl() {
    const char* const name = curl_version_info(CURLVERSION_NOW)->ssl_version;
    return name != nullptr && std::string_view(name).starts_with("OpenSSL/");
}

// OpenSSL looks up a root in a directory by names such as "1a2b3c4d.0".
bool has_hashed_roots(const char* directory) {
    if (directory == nullptr) {
        return false;
    }
    std::error_code ignored;
    for (std::filesystem::directory_iterator at(directory, ignored), end; !ignored && at != end;
         at.increment(ignored)) {
        const std::string name = at->path().filename();
        if (name.size() == 10 && name.ends_with(".0") &&
            name.find_first_not_of("0123456789abcdef") == 8) {
            return true;
        }
    }
    return false;
}

void set_proxy_rules(CurlEasy& easy, const UrlParts& url) {
    // Request headers go only through the tunnel, not to the proxy.
    easy.set<CURLOPT_HEADEROPT>(static_cast<long>(CURLHEADER_SEPARATE));
    easy.set<CURLOPT_SUPPRESS_CONNECT_HEADERS>(1L);
    easy.set<CURLOPT_PROXY_SSL_VERIFYPEER>(1L);
    easy.set<CURLOPT_PROXY_SSL_VERIFYHOST>(2L);
    easy.set<CURLOPT_PROXY_SSLVERSION>(static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (url.is_plain()) {
        easy.set<CURLOPT_NOPROXY>("*");
    }
}

}  // namespace

void set_security(CurlEasy& easy, const UrlParts& url) {
    easy.set<CURLOPT_PROTOCOLS_STR>(url.scheme.c_str());
    easy.set<CURLOPT_DISALLOW_USERNAME_IN_URL>(1L);
    easy.set<CURLOPT_PATH_AS_IS>(1L);
    easy.set<CURLOPT_FOLLOWLOCATION>(0L);
    easy.set<CURLOPT_NETRC>(static_cast<long>(CURL_NETRC_IGNORED));
    easy.set<CURLOPT_USERAGENT>((std::string("bqconn/") + version).c_str());
    easy.set<CURLOPT_HTTP09_ALLOWED>(0L);
    easy.set<CURLOPT_SSL_VERIFYPEER>(1L);
    easy.set<CURLOPT_SSL_VERIFYHOST>(2L);
    easy.set<CURLOPT_SSLVERSION>(static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    easy.set<CURLOPT_CERTINFO>(1L);
    if (tls_is_openssl()) {
        // No RSA below 2048 bits, no SHA-1. This is Debian's default, not OpenSSL's, and a
        // configuration file could lower it.
        easy.set<CURLOPT_SSL_CIPHER_LIST>("DEFAULT:@SECLEVEL=2");
    }
    set_proxy_rules(easy, url);
}

TrustedRoots::TrustedRoots(std::string ca_file) : ca_file_(std::move(ca_file)) {
    const auto* const info = curl_version_info(CURLVERSION_NOW);
    directory_alone_ =
        ca_file_.empty() && info->cainfo != nullptr && has_hashed_roots(info->capath);
}

void TrustedRoots::apply(CurlEasy& easy) const {
    constexpr const char* none = nullptr;
    if (!ca_file_.empty()) {
        easy.set<CURLOPT_CAINFO>(ca_file_.c_str());
        easy.set<CURLOPT_CAPATH>(none);
        easy.set<CURLOPT_PROXY_CAINFO>(ca_file_.c_str());
        easy.set<CURLOPT_PROXY_CAPATH>(none);
    } else if (directory_alone_) {
        easy.set<CURLOPT_CAINFO>(none);
    }
}

std::string TrustedRoots::problem() const {
    if (ca_file_.empty()) {
        return {};
    }
    errno = 0;
    std::ifstream file(ca_file_, std::ios::binary);
    file.peek();  // fails for a directory
    if (!file.is_open() || file.bad()) {
        return std::generic_category().message(errno);
    }
    std::ostringstream text;
    text << file.rdbuf();
    // OpenSSL accepts X509, TRUSTED and plain.
    if (text.str().find("CERTIFICATE-----") == std::string::npos) {
        return "it contains no PEM certificate";
    }
    return {};
}

bool TrustedRoots::widen() {
    return std::exchange(directory_alone_, false);
}

bool names_host_by_common_name_alone(CURL* easy) {
    curl_certinfo* chain = nullptr;
    if (!tls_is_openssl() || curl_easy_getinfo(easy, CURLINFO_CERTINFO, &chain) != CURLE_OK ||
        chain == nullptr || chain->num_of_certs < 1) {
        return false;
    }
    for (const curl_slist* line = chain->certinfo[0]; line != nullptr; line = line->next) {
        if (std::string_view(line->data).starts_with("X509v3 Subject Alternative Name:")) {
            return false;
        }
    }
    return true;
}

}  // namespace bqconn::http
