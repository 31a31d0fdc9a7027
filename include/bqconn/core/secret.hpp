// A value that must not be shown. It prints as "[redacted]" and wipes its memory on destruction.
// Call reveal() only where the bytes are used.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>

namespace bqconn {

inline constexpr std::string_view redacted_text = "[redacted]";

class Secret {
  public:
    Secret() = default;
    explicit Secret(std::string value);
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept;
    Secret& operator=(const Secret& other);
    Secret& operator=(Secret&& other) noexcept;
    ~Secret();

    const std::string& reveal() const { return value_; }
    bool empty() const { return value_.empty(); }
    std::size_t size() const { return value_.size(); }

  private:
    void wipe() noexcept;
    std::string value_;
};

std::ostream& operator<<(std::ostream& out, const Secret& secret);

}  // namespace bqconn
