#include "bqconn/core/secret.hpp"

#include <string.h>

#include <ostream>
#include <utility>

namespace bqconn {

Secret::Secret(std::string value) : value_(std::move(value)) {}

// A moved-from std::string may keep a short value in place, so wipe it.
Secret::Secret(Secret&& other) noexcept : value_(std::move(other.value_)) {
    other.wipe();
}

Secret& Secret::operator=(const Secret& other) {
    if (this != &other) {
        wipe();
        value_ = other.value_;
    }
    return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        value_ = std::move(other.value_);
        other.wipe();
    }
    return *this;
}

Secret::~Secret() {
    wipe();
}

void Secret::wipe() noexcept {
    value_.resize(value_.capacity());
    ::explicit_bzero(value_.data(), value_.size());
    value_.clear();
}

std::ostream& operator<<(std::ostream& out, const Secret&) {
    return out << redacted_text;
}

}  // namespace bqconn
