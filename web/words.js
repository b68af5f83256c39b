// Every sentence a citizen can meet, Vietnamese first, English beside it. {0}, {1} are filled in by say() of
// language.js. The first view speaks without terms of the trade; those live under "detail." only.
// A sentence says what is so; its ".next" says what to do about it.

export const words = {
    // the page itself
    'page.title': {vi: 'Kiểm tra văn bản điện tử', en: 'Check an electronic document'},
    'page.skip': {vi: 'Đến ô chọn tệp', en: 'Skip to the file picker'},
    'page.other-language': {vi: 'English', en: 'Tiếng Việt'},
    'start.heading': {vi: 'Văn bản này có thật không?', en: 'Is this document genuine?'},
    'start.lead': {
        vi:
            'Chọn tệp được cơ quan cấp. Trang này cho biết ai đã ký, ký khi nào và tệp có bị sửa sau khi ký '
            + 'hay không.',
        en:
            'Choose the file the agency gave you. This page says who signed it, when, and whether it was '
            + 'changed after signing.',
    },

    // choosing a file; ".touch" where there is nothing to drag with
    'drop.title': {vi: 'Thả tệp vào đây', en: 'Drop the file here'},
    'drop.title.touch': {vi: 'Chọn tệp cần kiểm tra', en: 'Choose the file to check'},
    'drop.compare': {
        vi: 'Thả tệp vào đây để so với bản gốc',
        en: 'Drop the file here to compare it with the original',
    },
    'drop.compare.touch': {
        vi: 'Chọn tệp để so với bản gốc',
        en: 'Choose the file to compare with the original',
    },
    'drop.again': {vi: 'Kiểm tra tệp khác', en: 'Check another file'},
    'drop.again.touch': {vi: 'Kiểm tra tệp khác', en: 'Check another file'},
    'drop.button': {vi: 'Chọn tệp', en: 'Choose a file'},
    'drop.hint': {
        vi: 'Tệp PDF, XML hoặc tệp ký số khác, tối đa 50 MB',
        en: 'A PDF, XML or other signed file, at most 50 MB',
    },
    'drop.release': {vi: 'Buông tay để kiểm tra tệp này', en: 'Let go to check this file'},

    // good to know
    'note.private': {vi: 'Tệp không bị lưu lại', en: 'Your file is not kept'},
    'note.private.text': {
        vi: 'Tệp chỉ dùng để kiểm tra rồi bỏ ngay. Không cần tài khoản, không mất phí.',
        en: 'It is used for the check and dropped at once. No account, no fee.',
    },
    'note.paper': {vi: 'Đang cầm bản giấy?', en: 'Holding a paper?'},
    'note.paper.text': {
        vi: 'Dùng điện thoại quét mã QR in trên giấy để mở đúng trang của văn bản đó.',
        en: 'Scan the QR code printed on it with a phone to open the page of that very document.',
    },
    'note.scan': {vi: 'Dùng tệp gốc', en: 'Use the original file'},
    'note.scan.text': {
        vi: 'Ảnh chụp, bản scan và bản in lại không còn chữ ký số. Hãy dùng tệp do cơ quan gửi.',
        en: 'Photos, scans and reprints no longer carry the digital signature. Use the file the agency sent.',
    },

    // while it is sent
    'progress.sending': {vi: 'Đang gửi tệp… {0} %', en: 'Sending the file… {0} %'},
    'progress.checking': {vi: 'Đang kiểm tra chữ ký…', en: 'Checking the signatures…'},
    'progress.cancel': {vi: 'Hủy', en: 'Cancel'},
    'progress.cancelled': {vi: 'Đã hủy. Tệp chưa được kiểm tra.', en: 'Cancelled. The file was not checked.'},
    'progress.opening': {vi: 'Đang mở thông tin của văn bản…', en: 'Opening the record of this document…'},
    again: {vi: 'Thử lại', en: 'Try again'},

    // the big answer
    'answer.genuine': {vi: 'Văn bản này là thật', en: 'This document is genuine'},
    'answer.genuine.means': {
        vi: 'Tệp còn nguyên như lúc ký và đã xác nhận được người ký.',
        en: 'The file is exactly as it was signed, and who signed it has been confirmed.',
    },
    'answer.genuine.next': {
        vi: 'Có thể dùng tệp này. Hãy xem tên người ký và cơ quan dưới đây có đúng là nơi cấp văn bản không.',
        en: 'You can use this file. Look below whether the person and the agency are the ones you expect.',
    },
    'answer.changed': {vi: 'Văn bản đã bị sửa sau khi ký', en: 'This document was changed after signing'},
    'answer.changed.means': {
        vi: 'Nội dung tệp không còn đúng như lúc được ký.',
        en: 'What the file says is no longer what was signed.',
    },
    'answer.changed.next': {
        vi: 'Đừng dùng tệp này. Hãy xin lại tệp gốc ở cơ quan cấp văn bản và cho cơ quan biết về tệp này.',
        en: 'Do not use this file. Ask the issuing agency for the original, and tell them about this file.',
    },
    'answer.void': {vi: 'Chữ ký không hợp lệ', en: 'The signature is not valid'},
    'answer.void.means': {
        vi: 'Tệp có chữ ký số, nhưng chữ ký đó không có giá trị.',
        en: 'The file carries a digital signature, but that signature does not count.',
    },
    'answer.void.next': {
        vi: 'Đừng dùng tệp này. Hãy xin lại tệp ở cơ quan cấp văn bản.',
        en: 'Do not use this file. Ask the issuing agency for it again.',
    },
    'answer.unknown': {vi: 'Chưa thể kết luận', en: 'We cannot say'},
    'answer.unknown.means': {
        vi: 'Tệp có chữ ký số, nhưng chưa đủ căn cứ để nói văn bản này là thật hay không.',
        en:
            'The file carries a digital signature, but there is not enough to say whether the document is '
            + 'genuine.',
    },
    'answer.unknown.next': {
        vi: 'Chưa nên dựa vào tệp này. Hãy hỏi lại cơ quan ghi trên văn bản, hoặc thử lại sau.',
        en: 'Do not rely on this file yet. Ask the agency named on the document, or try again later.',
    },
    'answer.unsigned': {vi: 'Tệp này không có chữ ký số', en: 'This file is not signed'},
    'answer.unsigned.means': {
        vi: 'Không có gì trong tệp cho biết ai đã cấp, nên không thể nói văn bản là thật hay giả.',
        en: 'Nothing in the file proves who issued it, so nobody can say whether it is genuine or forged.',
    },
    'answer.unsigned.next': {
        vi:
            'Ảnh chụp, bản scan và bản in lại không mang chữ ký số. Hãy xin tệp gốc đã ký ở cơ quan cấp văn '
            + 'bản.',
        en:
            'Photos, scans and reprints carry no digital signature. Ask the issuing agency for the signed '
            + 'original.',
    },
    'answer.other': {vi: 'Tệp này là văn bản khác', en: 'This file is another document'},
    'answer.other.means': {
        vi: 'Chữ ký trong tệp hợp lệ, nhưng tệp không phải là văn bản số {0} của mã này.',
        en:
            'The signature in the file is valid, but the file is not the document no. {0} that this code '
            + 'belongs to.',
    },
    'answer.other.next': {
        vi: 'Đừng dùng tệp này thay cho văn bản đó. Hãy xin tệp gốc ở cơ quan cấp văn bản.',
        en: 'Do not use it in place of that document. Ask the issuing agency for the original.',
    },
    'answer.checked': {vi: 'Kiểm tra lúc', en: 'Checked on'},
    'answer.next': {vi: 'Cần làm gì', en: 'What to do'},

    // held against the record of /k/<code>
    'compare.same': {
        vi: 'Khớp: tệp này đúng là bản gốc của văn bản số {0}.',
        en: 'It matches: this is the original of document no. {0}.',
    },
    'compare.signers': {
        vi: 'Tệp có cùng người ký với văn bản số {0}. Hãy đối chiếu thêm số và ngày ghi trong tệp.',
        en:
            'The file has the same signers as document no. {0}. Also compare the number and date written in '
            + 'it.',
    },
    'compare.other': {
        vi: 'Không khớp: tệp này không phải bản gốc của văn bản số {0}.',
        en: 'It does not match: this is not the original of document no. {0}.',
    },

    // one card a signature
    'signatures.heading': {vi: 'Ai đã ký', en: 'Who signed'},
    'signature.number': {vi: 'Chữ ký {0}', en: 'Signature {0}'},
    'signature.timestamp': {vi: 'Dấu thời gian', en: 'Timestamp'},
    'signature.seal': {vi: 'Con dấu số của cơ quan', en: 'Digital seal of the agency'},
    'signature.nameless': {vi: 'Không ghi tên người ký', en: 'No signer named'},
    'signature.claimed': {
        vi: 'Tên ghi trong chữ ký, chưa xác nhận được',
        en: 'Name written in the signature, not confirmed',
    },
    'signature.passed': {vi: 'Hợp lệ', en: 'Valid'},
    'signature.failed': {vi: 'Không hợp lệ', en: 'Not valid'},
    'signature.unknown': {vi: 'Chưa kết luận', en: 'Cannot say'},
    'signature.title': {vi: 'Chức vụ', en: 'Title'},
    'signature.agency': {vi: 'Cơ quan', en: 'Agency'},
    'signature.proved': {vi: 'Được chứng minh là có từ', en: 'Proved to exist since'},
    'signature.confirmed': {vi: 'Được xác nhận bởi', en: 'Confirmed by'},
    'signature.time': {vi: 'Thời điểm ký', en: 'Signed on'},
    'signature.no-time': {vi: 'Không ghi', en: 'Not stated'},
    'signature.covers': {vi: 'Đã ký phần nào', en: 'What was signed'},
    'covers.whole': {vi: 'Toàn bộ tệp', en: 'The whole file'},
    'covers.earlier': {
        vi: 'Toàn bộ tệp vào lúc ký (bản {0} trong {1} bản). Phần thêm sau đó không làm đổi nội dung đã ký.',
        en:
            'The whole file as it was then (version {0} of {1}). What was added later leaves the signed '
            + 'content as it was.',
    },
    'covers.earlier.doubtful': {
        vi: 'Tệp vào lúc ký (bản {0} trong {1} bản). Sau đó tệp đã được ghi thêm.',
        en: 'The file as it was then (version {0} of {1}). Something was added to it later.',
    },
    'covers.parts': {vi: 'Chỉ một phần của tệp: {0}', en: 'Only part of the file: {0}'},
    'covers.unknown': {vi: 'Không rõ', en: 'Not known'},

    // why a signature is not simply valid, by sub-indication of EN 319 102-1, in words for everybody
    'why.HASH_FAILURE': {
        vi: 'Nội dung tệp khác với nội dung đã ký.',
        en: 'The file differs from what was signed.',
    },
    'why.SIG_CRYPTO_FAILURE': {
        vi: 'Chữ ký không khớp với người được ghi là đã ký.',
        en: 'The signature does not fit the person it names.',
    },
    'why.FORMAT_FAILURE': {
        vi: 'Chữ ký bị hỏng hoặc không đúng quy cách.',
        en: 'The signature is damaged or not made as it must be.',
    },
    'why.NO_CERTIFICATE_CHAIN_FOUND': {
        vi: 'Hệ thống không nhận ra tổ chức đã cấp chứng thư cho người ký.',
        en: 'The authority that vouches for the signer is not one this system knows.',
    },
    'why.NO_SIGNING_CERTIFICATE_FOUND': {
        vi: 'Trong tệp không có chứng thư của người ký.',
        en: 'The file does not say whose signature this is.',
    },
    'why.CHAIN_CONSTRAINTS_FAILURE': {
        vi: 'Chứng thư của người ký không được cấp cho việc ký văn bản như thế này.',
        en: 'The signer’s certificate was not issued for signing documents like this.',
    },
    'why.SIG_CONSTRAINTS_FAILURE': {
        vi: 'Cách ký không đáp ứng yêu cầu đối với văn bản của cơ quan.',
        en: 'The way it was signed does not meet what is required of official documents.',
    },
    'why.CRYPTO_CONSTRAINTS_FAILURE': {
        vi: 'Cách mã hóa của chữ ký đã cũ, không còn đủ an toàn.',
        en: 'The signature uses a method too old to be safe.',
    },
    'why.CRYPTO_CONSTRAINTS_FAILURE_NO_POE': {
        vi: 'Cách mã hóa của chữ ký đã cũ; không chứng minh được văn bản đã ký khi cách đó còn an toàn.',
        en:
            'The signature uses a method that is too old, and nothing proves that it was still safe at '
            + 'signing.',
    },
    'why.CERTIFICATE_CHAIN_GENERAL_FAILURE': {
        vi: 'Có lỗi ở chứng thư của người ký hoặc của tổ chức cấp.',
        en: 'Something is wrong with the certificate of the signer or of the authority.',
    },
    'why.NO_POE': {
        vi: 'Không chứng minh được văn bản đã ký vào lúc nào.',
        en: 'Nothing proves when this was signed.',
    },
    'why.TIMESTAMP_ORDER_FAILURE': {
        vi: 'Các mốc thời gian trong tệp không khớp nhau.',
        en: 'The times in the file contradict each other.',
    },
    'why.REVOKED': {
        vi: 'Chứng thư của người ký đã bị thu hồi.',
        en: 'The signer’s certificate had been revoked.',
    },
    'why.REVOKED_NO_POE': {
        vi: 'Chứng thư của người ký đã bị thu hồi; không chứng minh được văn bản đã ký trước đó.',
        en: 'The signer’s certificate has been revoked, and nothing proves that the signature came before.',
    },
    'why.EXPIRED': {
        vi: 'Lúc ký, chứng thư của người ký đã hết hạn.',
        en: 'The signer’s certificate had expired when this was signed.',
    },
    'why.NOT_YET_VALID': {
        vi: 'Lúc ký, chứng thư của người ký chưa có hiệu lực.',
        en: 'The signer’s certificate was not yet in force when this was signed.',
    },
    'why.OUT_OF_BOUNDS_NO_POE': {
        vi: 'Chứng thư của người ký không còn hạn; không chứng minh được văn bản đã ký khi còn hạn.',
        en: 'The signer’s certificate is out of date, and nothing proves that it was in force at signing.',
    },
    'why.OUT_OF_BOUNDS_NOT_REVOKED': {
        vi: 'Chứng thư của người ký không còn hạn; không chứng minh được văn bản đã ký khi còn hạn.',
        en: 'The signer’s certificate is out of date, and nothing proves that it was in force at signing.',
    },
    'why.REVOKED_CA_NO_POE': {
        vi: 'Chứng thư của tổ chức cấp đã bị thu hồi; không chứng minh được văn bản đã ký trước đó.',
        en:
            'The certificate of the authority has been revoked, and nothing proves that the signature came '
            + 'before.',
    },
    'why.REVOCATION_OUT_OF_BOUNDS_NO_POE': {
        vi: 'Thông tin về chứng thư bị thu hồi đã quá cũ. Hãy thử lại sau.',
        en: 'What is known about revoked certificates is out of date. Try again later.',
    },
    'why.TRY_LATER': {
        vi: 'Chưa hỏi được tổ chức cấp chứng thư. Hãy thử lại sau ít phút.',
        en: 'The certification authority could not be asked just now. Try again in a few minutes.',
    },
    'why.SIGNED_DATA_NOT_FOUND': {
        vi: 'Không tìm thấy phần nội dung đã được ký.',
        en: 'The part that was signed cannot be found.',
    },
    'why.other': {
        vi: 'Chữ ký này chưa đủ căn cứ để xác nhận. Lý do có trong phần chi tiết.',
        en: 'There is not enough to confirm this signature. The details say why.',
    },

    // how a PDF grew
    'history.heading': {vi: 'Tài liệu qua các lần ký', en: 'How the document grew'},
    'history.revision': {vi: 'Bản {0}:', en: 'Revision {0}:'},
    'history.first': {vi: 'bản được ký', en: 'what was signed'},
    'history.signature': {vi: 'thêm chữ ký', en: 'signed'},
    'history.timestamp': {vi: 'thêm dấu thời gian', en: 'timestamped'},
    'history.validation-data': {vi: 'thêm dữ liệu để kiểm tra lâu dài', en: 'data for later checks added'},
    'history.form': {vi: 'điền vào biểu mẫu', en: 'form filled in'},
    'history.annotation': {vi: 'thêm ghi chú lên trang', en: 'notes put on the page'},
    'history.metadata': {vi: 'sửa thông tin mô tả', en: 'description changed'},
    'history.other': {vi: 'sửa nội dung', en: 'content changed'},
    'history.not-allowed': {
        vi: 'Việc sửa này không được phép sau khi đã ký.',
        en: 'This change was not allowed after signing.',
    },
    'history.this': {vi: 'Chính là tệp này.', en: 'This is the file itself.'},
    'history.save': {vi: 'Lưu bản này ({0})', en: 'Save this revision ({0})'},
    'keep.report': {vi: 'Lưu kết quả kiểm tra (PDF)', en: 'Save the result (PDF)'},
    'keep.making': {vi: 'Đang lập kết quả…', en: 'Making the report…'},
    'keep.done': {vi: 'Đã lưu.', en: 'Saved.'},
    'keep.failed': {
        vi: 'Chưa lưu được kết quả. Hãy thử lại sau ít phút.',
        en: 'The result could not be saved. Try again in a few minutes.',
    },

    // for those who ask
    'detail.heading': {vi: 'Chi tiết kỹ thuật', en: 'Technical details'},
    'detail.indication': {vi: 'Kết luận (EN 319 102-1)', en: 'Indication (EN 319 102-1)'},
    'detail.sub_indication': {vi: 'Lý do chính', en: 'Sub-indication'},
    'detail.format': {vi: 'Dạng chữ ký', en: 'Format'},
    'detail.subject': {vi: 'Chủ thể chứng thư', en: 'Certificate subject'},
    'detail.serial': {vi: 'Số hiệu chứng thư', en: 'Certificate serial number'},
    'detail.issuer': {vi: 'Tổ chức cấp chứng thư', en: 'Certificate issuer'},
    'detail.claimed_time': {vi: 'Thời điểm người ký ghi', en: 'Time the signer claims'},
    'detail.best_signature_time': {vi: 'Thời điểm chứng minh được', en: 'Time that is proven'},
    'detail.covers': {vi: 'Phạm vi ký', en: 'Coverage'},
    'detail.checks': {vi: 'Các bước kiểm tra', en: 'The checks'},
    'check.good': {vi: 'Đạt:', en: 'Good:'},
    'check.warning': {vi: 'Lưu ý:', en: 'Note:'},
    'check.bad': {vi: 'Không đạt:', en: 'Not good:'},
    'check.unknown': {vi: 'Chưa rõ:', en: 'Not known:'},
    'detail.reasons': {vi: 'Giải thích', en: 'Reasons'},

    // the record behind a QR code
    'record.number': {vi: 'Văn bản số {0}', en: 'Document no. {0}'},
    'record.genuine': {vi: 'Mã này thuộc về một văn bản thật', en: 'This code belongs to a genuine document'},
    'record.genuine.means': {
        vi: 'Văn bản do {0} ban hành và đã được ký số hợp lệ.',
        en: 'It was issued by {0} and carries a valid digital signature.',
    },
    'record.genuine.next': {
        vi:
            'Hãy so số, ngày, cơ quan và người ký dưới đây với bản đang cầm. Chỉ cần khác một chỗ thì bản '
            + 'đó không phải văn bản này.',
        en:
            'Compare the number, date, agency and signers below with what you hold. If anything differs, '
            + 'yours is not this document.',
    },
    'record.recalled': {vi: 'Văn bản này đã bị thu hồi', en: 'This document has been recalled'},
    'record.recalled.means': {
        vi: 'Văn bản do {0} ban hành, nhưng sau đó đã được thu hồi.',
        en: 'It was issued by {0} and recalled afterwards.',
    },
    'record.recalled.next': {
        vi: 'Đừng dùng văn bản này. Hãy hỏi cơ quan ban hành để nhận bản thay thế.',
        en: 'Do not use it. Ask the issuing agency for what replaces it.',
    },
    'record.unknown': {
        vi: 'Có văn bản này, nhưng chưa xác nhận được chữ ký',
        en: 'The document exists, but its signature is not confirmed',
    },
    'record.unknown.means': {
        vi: '{0} có văn bản này trong hồ sơ, nhưng chưa đủ căn cứ để xác nhận chữ ký.',
        en: '{0} has this document on record, but there is not enough to confirm its signature.',
    },
    'record.unknown.next': {
        vi: 'Hãy hỏi cơ quan ban hành trước khi dùng, hoặc mở lại trang này sau.',
        en: 'Ask the issuing agency before you use it, or open this page again later.',
    },
    'record.changed': {
        vi: 'Chữ ký của văn bản này không hợp lệ',
        en: 'The signature of this document is not valid',
    },
    'record.changed.means': {
        vi: '{0} có văn bản này trong hồ sơ, nhưng chữ ký của nó không hợp lệ.',
        en: '{0} has this document on record, but its signature is not valid.',
    },
    'record.changed.next': {
        vi: 'Đừng dùng văn bản này. Hãy báo cho cơ quan ban hành.',
        en: 'Do not use it. Tell the issuing agency.',
    },
    'record.unsigned': {
        vi: 'Có văn bản này, nhưng chưa được ký số',
        en: 'The document exists, but is not signed',
    },
    'record.unsigned.means': {
        vi: '{0} có văn bản này trong hồ sơ, nhưng văn bản chưa được ký số.',
        en: '{0} has this document on record, but it has not been signed.',
    },
    'record.unsigned.next': {
        vi: 'Hãy hỏi cơ quan ban hành trước khi dùng.',
        en: 'Ask the issuing agency before you use it.',
    },
    'record.reference': {vi: 'Số, ký hiệu', en: 'Number'},
    'record.date': {vi: 'Ngày ban hành', en: 'Date'},
    'record.agency': {vi: 'Cơ quan ban hành', en: 'Issued by'},
    'record.signers': {vi: 'Người ký', en: 'Signed by'},
    'record.state': {vi: 'Tình trạng', en: 'State'},
    'record.recipients': {vi: 'Nơi nhận', en: 'Sent to'},
    'record.unstated': {vi: 'Không ghi', en: 'Not stated'},
    'record.an-agency': {vi: 'Cơ quan ban hành', en: 'the issuing agency'},
    'record.hidden': {
        vi: 'Để giữ riêng tư, trang này không hiện trích yếu và nội dung văn bản.',
        en: 'To keep it private, this page shows neither the subject nor the content.',
    },
    'record.qr': {vi: 'Mã QR mở trang này', en: 'QR code that opens this page'},
    'record.qr.caption': {vi: 'Quét để mở lại trang này', en: 'Scan to open this page again'},
    'state.issued': {vi: 'Đã ban hành', en: 'Issued'},
    'state.sent': {vi: 'Đã gửi đi', en: 'Sent'},
    'state.delivered': {vi: 'Đã đến nơi nhận', en: 'Delivered'},
    'state.accepted': {vi: 'Nơi nhận đã tiếp nhận', en: 'Accepted by the recipient'},
    'state.refused': {vi: 'Nơi nhận đã từ chối', en: 'Refused by the recipient'},
    'state.recalled': {vi: 'Đã thu hồi', en: 'Recalled'},
    'copy.issued': {vi: 'Chưa gửi', en: 'Not sent yet'},
    'copy.sent': {vi: 'Đã gửi', en: 'Sent'},
    'copy.delivered': {vi: 'Đã đến', en: 'Delivered'},
    'copy.accepted': {vi: 'Đã tiếp nhận', en: 'Accepted'},
    'copy.refused': {vi: 'Đã từ chối', en: 'Refused'},
    'copy.recalled': {vi: 'Đã thu hồi', en: 'Recalled'},

    // no answer: what went wrong, what it means, what to do. None of these says anything about the document.
    'trouble.unreadable': {vi: 'Không đọc được tệp này', en: 'This file could not be read'},
    'trouble.unreadable.means': {
        vi: 'Tệp bị hỏng hoặc không phải loại văn bản trang này kiểm tra được.',
        en: 'It is damaged, or not a kind of document this page can check.',
    },
    'trouble.unreadable.next': {
        vi: 'Hãy xem đã chọn đúng tệp chưa, tải lại tệp từ nơi gửi rồi thử lại.',
        en: 'See whether it is the right file, download it again from where it came, and try once more.',
    },
    'trouble.too-large': {vi: 'Tệp lớn hơn 50 MB', en: 'The file is larger than 50 MB'},
    'trouble.too-large.means': {
        vi: 'Tệp nặng {0}, trang chỉ nhận tệp đến 50 MB. Tệp chưa được gửi đi.',
        en: 'It is {0}; this page takes files up to 50 MB. Nothing was sent.',
    },
    'trouble.too-large.next': {
        vi: 'Hãy xin cơ quan cấp bản nhỏ hơn, hoặc mang tệp đến bộ phận một cửa để được kiểm tra.',
        en: 'Ask the agency for a smaller copy, or take the file to a one-stop office to have it checked.',
    },
    'trouble.413': {vi: 'Tệp lớn quá mức cho phép', en: 'The file is too large'},
    'trouble.413.means': {
        vi: 'Hệ thống không nhận tệp lớn như vậy nên chưa kiểm tra được.',
        en: 'The system does not take files of this size, so it was not checked.',
    },
    'trouble.413.next': {
        vi: 'Hãy xin cơ quan cấp bản nhỏ hơn, hoặc mang tệp đến bộ phận một cửa để được kiểm tra.',
        en: 'Ask the agency for a smaller copy, or take the file to a one-stop office to have it checked.',
    },
    'trouble.429': {vi: 'Đã kiểm tra quá nhiều lần', en: 'Too many checks'},
    'trouble.429.means': {
        vi: 'Từ kết nối này đã có quá nhiều lần kiểm tra trong thời gian ngắn. Tệp chưa được kiểm tra.',
        en: 'There were too many checks from this connection in a short time. The file was not checked.',
    },
    'trouble.429.next': {vi: 'Hãy đợi {0} rồi bấm “Thử lại”.', en: 'Wait {0}, then press “Try again”.'},
    'trouble.503': {vi: 'Hệ thống đang bận', en: 'The system is busy'},
    'trouble.503.means': {
        vi: 'Hiện có nhiều người đang kiểm tra, hoặc hệ thống đang bảo trì. Tệp chưa được kiểm tra.',
        en:
            'Many people are checking at the moment, or the system is being maintained. The file was not '
            + 'checked.',
    },
    'trouble.503.next': {vi: 'Hãy đợi {0} rồi bấm “Thử lại”.', en: 'Wait {0}, then press “Try again”.'},
    'trouble.network': {vi: 'Không kết nối được', en: 'No connection'},
    'trouble.network.means': {
        vi: 'Kết nối bị ngắt trước khi kiểm tra xong. Điều này không nói lên gì về tệp.',
        en: 'The connection broke before the check was done. This says nothing about the file.',
    },
    'trouble.network.next': {
        vi: 'Hãy xem lại mạng rồi bấm “Thử lại”.',
        en: 'Check your network, then press “Try again”.',
    },
    'trouble.slow': {vi: 'Chờ quá lâu chưa có trả lời', en: 'No answer came in time'},
    'trouble.slow.means': {
        vi: 'Hệ thống đã nhận tệp nhưng chưa kiểm tra xong. Điều này không nói lên gì về tệp.',
        en: 'The system got the file but did not finish checking it. This says nothing about the file.',
    },
    'trouble.slow.next': {
        vi: 'Hãy đợi ít phút rồi bấm “Thử lại”.',
        en: 'Wait a few minutes, then press “Try again”.',
    },
    'trouble.fault': {vi: 'Hệ thống gặp lỗi', en: 'Something went wrong on our side'},
    'trouble.fault.means': {
        vi: 'Tệp chưa được kiểm tra. Lỗi ở hệ thống, không phải ở tệp.',
        en: 'The file was not checked. The fault is ours, not the file’s.',
    },
    'trouble.fault.next': {
        vi: 'Hãy thử lại sau ít phút. Nếu vẫn vậy, hãy báo cho cơ quan quản lý trang này.',
        en: 'Try again in a few minutes. If it stays like this, tell the office that runs this page.',
    },
    'trouble.empty': {vi: 'Tệp này trống', en: 'This file is empty'},
    'trouble.empty.means': {
        vi: 'Tệp không có nội dung, có thể vì tải về chưa xong.',
        en: 'There is nothing in it; perhaps it was not downloaded completely.',
    },
    'trouble.empty.next': {
        vi: 'Hãy tải lại tệp rồi thử lại.',
        en: 'Download the file again and try once more.',
    },
    'trouble.several': {vi: 'Mỗi lần chỉ kiểm tra một tệp', en: 'One file at a time'},
    'trouble.several.means': {
        vi: 'Đã thả {0} tệp cùng lúc. Chưa tệp nào được gửi đi.',
        en: '{0} files were dropped together. None was sent.',
    },
    'trouble.several.next': {vi: 'Hãy thả từng tệp một.', en: 'Drop them one by one.'},
    'trouble.folder': {vi: 'Đây là thư mục, không phải tệp', en: 'That is a folder, not a file'},
    'trouble.folder.means': {
        vi: 'Trang này chỉ kiểm tra được từng tệp.',
        en: 'This page checks single files.',
    },
    'trouble.folder.next': {
        vi: 'Hãy mở thư mục và thả tệp cần kiểm tra.',
        en: 'Open the folder and drop the file you want checked.',
    },
    'trouble.no-record': {vi: 'Không có văn bản nào mang mã này', en: 'No document has this code'},
    'trouble.no-record.means': {
        vi: 'Mã không đúng, hoặc văn bản không còn được công bố ở đây.',
        en: 'The code is wrong, or the document is no longer published here.',
    },
    'trouble.no-record.next': {
        vi: 'Hãy quét lại mã QR. Nếu vẫn không thấy, đừng vội tin bản đang cầm: hãy hỏi cơ quan ghi trên đó.',
        en:
            'Scan the QR code again. If that does not help, do not trust what you hold: ask the agency '
            + 'named on it.',
    },
    'trouble.record': {vi: 'Chưa mở được thông tin của văn bản', en: 'The record could not be opened'},
    'trouble.record.means': {
        vi: 'Kết nối bị ngắt hoặc hệ thống đang bận. Điều này không nói lên gì về văn bản.',
        en: 'The connection broke or the system is busy. This says nothing about the document.',
    },
    'trouble.record.next': {vi: 'Hãy đợi {0} rồi bấm “Thử lại”.', en: 'Wait {0}, then press “Try again”.'},

    // small measures
    'wait.seconds': {vi: '{0} giây', en: '{0} seconds'},
    'wait.minutes': {vi: '{0} phút', en: '{0} minutes'},
    'wait.while': {vi: 'ít phút', en: 'a few minutes'},
    'time.zone': {vi: '(giờ Việt Nam, UTC+7)', en: '(Vietnam time, UTC+7)'},
};
