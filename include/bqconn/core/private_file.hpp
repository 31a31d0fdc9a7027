// Files that hold secrets: mode 0600 whatever the umask, and never through a symbolic link.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace bqconn {

// Owns an open file; -1: none.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor();

    int number() const { return number_; }

  private:
    int number_;
};

// Whether the file must survive a power cut, which costs some milliseconds.
enum class Durable { no, yes };

// Replaces `path` atomically. Throws Error (config, "config.file_unwritable").
void write_private_file(const std::string& path, std::string_view text,
                        Durable durable = Durable::no);

// Creates the folder, with mode 0700, and its missing parents. Throws Error (config,
// "config.file_unwritable").
void make_private_folder(const std::string& path);

// Writes all of `text`; false on failure, with errno set.
bool write_all(int file, std::string_view text);

}  // namespace bqconn
